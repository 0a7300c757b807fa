import { Failure } from '../../failure.ts'

/**
 * The Range header for bytes `start` to `end` (exclusive; all the rest without it). Undefined for a whole object, and for an
 * empty one, which has no byte to ask for.
 */
export function rangeHeader(start: number, end: number | undefined): string | undefined {
  if (end !== undefined && end > 0) return `bytes=${start}-${end - 1}`
  return start === 0 ? undefined : `bytes=${start}-`
}

/** What an answer to a read announces about its body. */
export interface AnnouncedBody {
  ContentRange?: string | undefined
  ContentLength?: number | undefined
}

/**
 * The end (exclusive) of the bytes that an answer carries, once it is certain that they are the ones asked for.
 *
 * @throws {Failure} `permanent`, code `InvalidRange`, when the object ends before `end`; `BadResponse` or `RangeIgnored` when
 * the answer does not say what it carries.
 */
export function announcedEnd(answer: AnnouncedBody, start: number, end: number | undefined, subject: string): number {
  if (rangeHeader(start, end) === undefined) {
    if (answer.ContentLength !== undefined) return answer.ContentLength
    throw unusable('transient', 'BadResponse', 'The store did not announce the length of the object', subject)
  }
  const range = /^bytes (\d+)-(\d+)\/(?:\d+|\*)$/.exec(answer.ContentRange ?? '')
  const announcedStart = Number(range?.[1])
  const announced = Number(range?.[2]) + 1
  if (announcedStart !== start || (end !== undefined && announced > end)) {
    throw unusable('permanent', 'RangeIgnored', 'The store did not answer with the range that was asked for', subject)
  }
  if (end === undefined || announced === end) return announced
  throw new Failure(`The object ends at byte ${announced}, before byte ${end}`, {
    kind: 'permanent',
    subject,
    code: 'InvalidRange',
    hint: 'The stored object is shorter than it should be: treat it as damaged.',
  })
}

function unusable(kind: 'transient' | 'permanent', code: string, message: string, subject: string): Failure {
  return new Failure(message, {
    kind,
    subject,
    code,
    hint: 'A proxy may stand between here and the store: check the endpoint.',
  })
}
