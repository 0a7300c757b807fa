import { partPlan } from '../../platform/object-store/s3/part-plan.ts'
import type { ScaleRates } from './rates.ts'
import type { StoreRequests } from './requests.ts'

/** As Amazon has it. */
const parts = partPlan({ maximumParts: 10_000, equalParts: false })
/** Before an object exists the run's state is read, and the object announced. */
export const requestsOfAnnouncing = 2
/** A multipart upload is completed, then looked at. */
const requestsOfCompleting = 2

/** How one unit goes from the source into the store. */
export interface UnitTiming {
  /** Until the last byte is read and compressed; it waits for the store where that is slower. */
  readSeconds: number
  /** Of it, the time in which the store was waited for. */
  waitSeconds: number
  /** Until the part before the last is stored, after the reading. */
  tailSeconds: number
  /** From then until the object exists. */
  completeSeconds: number
  /** Parts of its upload; 1 for an object that is stored in one request. */
  parts: number
}

/**
 * The upload as it is: one part is on its way while the next is filled, and the last one is sent when the unit is complete.
 *
 * @param sourceSeconds that reading takes where the store does not hold it up.
 */
export function timeUnit(sourceSeconds: number, storedBytes: number, rates: ScaleRates): UnitTiming {
  const { requestSeconds, storeBytesPerSecond } = rates
  const secondsOf = (bytes: number): number => requestSeconds + bytes / storeBytesPerSecond
  const secondsPerByte = storedBytes === 0 ? 0 : sourceSeconds / storedBytes
  const announcing = requestsOfAnnouncing * requestSeconds
  let now = 0
  let storedAt = 0
  let left = storedBytes
  let number = 1
  for (; left > parts.size(number); number += 1) {
    const bytes = parts.size(number)
    left -= bytes
    now = Math.max(now + bytes * secondsPerByte + (number === 1 ? requestSeconds : 0), storedAt)
    storedAt = now + secondsOf(bytes)
  }
  const single = number === 1
  const read = single ? sourceSeconds : now + left * secondsPerByte
  return {
    readSeconds: read,
    waitSeconds: read - sourceSeconds,
    tailSeconds: Math.max(0, storedAt - read),
    completeSeconds: secondsOf(left) + announcing + (single ? 0 : requestsOfCompleting * requestSeconds),
    parts: number,
  }
}

/** Requests that store an object of so many parts. */
export function requestsOfObject(partCount: number): Partial<StoreRequests> {
  return partCount === 1 ? { put: 1 } : { create: 1, part: partCount, complete: 1, head: 1 }
}
