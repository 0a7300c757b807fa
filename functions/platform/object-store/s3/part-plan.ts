import type { ProviderProfile } from '../profiles.ts'

const mebibyte = 1024 * 1024
/** What Amazon takes as a part: at least 5 MiB unless last, at most 5 GiB. */
const largestPart = 5 * 1024 * mebibyte
const firstPart = 8 * mebibyte
const firstEqualPart = 16 * mebibyte
/** The size that every plan with growing parts reaches: 5 TB. */
export const plannedObjectBytes = 5e12

/** Sizes for the parts of one upload, of an object whose size nobody knows yet. */
export interface PartPlan {
  maximumParts: number
  /** Bytes of part `number`, counted from 1; the last part of an object may be shorter. */
  size(number: number): number
}

/**
 * Parts start at 8 MiB and double after every `step` parts, where `step` is as long as possible for `maximumParts` of them to
 * hold 5 TB: small objects cost little memory, and no object outgrows the number of parts. A store that wants equal parts gets
 * 16 MiB, or what the expected size calls for with a quarter to spare.
 *
 * @param expectedBytes an estimate of the object's size, used only for equal parts.
 */
export function partPlan(profile: Pick<ProviderProfile, 'maximumParts' | 'equalParts'>, expectedBytes = 0): PartPlan {
  const { maximumParts, equalParts } = profile
  if (equalParts) {
    const needed = Math.ceil((expectedBytes * 1.25) / maximumParts / mebibyte) * mebibyte
    const size = Math.min(largestPart, Math.max(firstEqualPart, needed))
    return { maximumParts, size: () => size }
  }
  const step = longestStep(maximumParts)
  return { maximumParts, size: (number) => grownSize(number, step) }
}

function grownSize(number: number, step: number): number {
  return Math.min(largestPart, firstPart * 2 ** Math.floor((number - 1) / step))
}

function longestStep(maximumParts: number): number {
  let reaches = 1
  let tooLong = maximumParts + 1
  while (tooLong - reaches > 1) {
    const middle = Math.floor((reaches + tooLong) / 2)
    if (capacity(maximumParts, middle) >= plannedObjectBytes) reaches = middle
    else tooLong = middle
  }
  return reaches
}

function capacity(maximumParts: number, step: number): number {
  let bytes = 0
  for (let first = 1; first <= maximumParts; first += step) {
    bytes += grownSize(first, step) * Math.min(step, maximumParts - first + 1)
  }
  return bytes
}
