import { describe, expect, it } from 'vitest'
import { type AnnouncedBody, announcedEnd, rangeHeader } from '../../../../functions/platform/object-store/s3/range.ts'
import { failureOf } from '../../../support/failures.ts'

describe('rangeHeader', () => {
  it.each<[number, number | undefined, string | undefined]>([
    [0, undefined, undefined],
    [0, 0, undefined],
    [0, 1, 'bytes=0-0'],
    [5, undefined, 'bytes=5-'],
    [5, 10, 'bytes=5-9'],
  ])('asks for %i to %s with %s', (start, end, header) => {
    expect(rangeHeader(start, end)).toBe(header)
  })
})

describe('announcedEnd', () => {
  it.each<[AnnouncedBody, number, number | undefined, number]>([
    [{ ContentLength: 100 }, 0, undefined, 100],
    [{ ContentLength: 0 }, 0, undefined, 0],
    [{ ContentRange: 'bytes 5-9/100', ContentLength: 5 }, 5, 10, 10],
    [{ ContentRange: 'bytes 5-9/*' }, 5, 10, 10],
    [{ ContentRange: 'bytes 5-99/100' }, 5, undefined, 100],
  ])('reads %o, from %i to %s, as %i', (answer, start, end, expected) => {
    expect(announcedEnd(answer, start, end, 'key')).toBe(expected)
  })

  it.each<[AnnouncedBody, number, number | undefined, string]>([
    [{}, 0, undefined, 'BadResponse'],
    [{ ContentLength: 100 }, 5, 10, 'RangeIgnored'],
    [{ ContentRange: 'bytes 0-9/100' }, 5, 10, 'RangeIgnored'],
    [{ ContentRange: 'bytes 5-19/100' }, 5, 10, 'RangeIgnored'],
    [{ ContentRange: 'lines 5-9/100' }, 5, 10, 'RangeIgnored'],
    [{ ContentRange: 'bytes 5-7/8' }, 5, 10, 'InvalidRange'],
  ])('refuses %o, from %i to %s, as %s', async (answer, start, end, code) => {
    const refused = Promise.resolve().then(() => announcedEnd(answer, start, end, 'key'))
    expect(await failureOf(refused)).toMatchObject({ code })
  })
})
