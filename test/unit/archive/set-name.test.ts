import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatInstant, formatSetName, parseInstant, parseSetName } from '../../../functions/archive/set-name.ts'

const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59)
const startedMs = fc.integer({ min: 0, max: lastMs / 1000 }).map((seconds) => seconds * 1000)
const run = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/)

test('a name gives back the instant and the run it was made of', () => {
  fc.assert(
    fc.property(startedMs, run, (ms, id) => {
      expect(parseSetName(formatSetName({ startedMs: ms, run: id }))).toEqual({ startedMs: ms, run: id })
    }),
    { numRuns: 1000 },
  )
})

test('names sort as text in the order of their instants', () => {
  fc.assert(
    fc.property(startedMs, startedMs, run, (a, b, id) => {
      expect(formatSetName({ startedMs: a, run: id }) < formatSetName({ startedMs: b, run: id })).toBe(a < b)
    }),
  )
})

test('whole seconds, UTC', () => {
  const name = formatSetName({ startedMs: Date.UTC(2026, 10, 22, 6, 0, 0, 987), run: 'k3x9q2' })
  expect(name).toBe('2026-11-22T060000Z-k3x9q2')
  expect(parseSetName(name)?.startedMs).toBe(Date.UTC(2026, 10, 22, 6))
})

test.each(['', '-a', 'a-', 'Daily', 'a_b', 'a/b', 'a b', '..', 'é', 'a'.repeat(49)])('run %j is refused', (id) => {
  expect(() => formatSetName({ startedMs: 0, run: id })).toThrow(expect.objectContaining({ kind: 'config', subject: id }))
})

test.each([
  '',
  'latest',
  '2026-11-22T060000Z',
  '2026-11-22T060000Z-',
  '2026-11-22T060000-a',
  '2026-02-30T060000Z-a',
  '2026-13-01T060000Z-a',
  '2026-11-22T240000Z-a',
  '2026-11-22T06:00:00Z-a',
  '2026-11-22T060000Z-A',
  ' 2026-11-22T060000Z-a',
  '2026-11-22T060000Z-a\n',
  '2026-11-22T060000Z-a/..',
])('%j is not the name of a set', (name) => {
  expect(parseSetName(name)).toBeUndefined()
})

test('an instant in a file name is UTC to the second', () => {
  expect(formatInstant(Date.UTC(2026, 0, 2, 3, 4, 5, 678))).toBe('20260102T030405Z')
  expect(parseInstant('20260102T030405Z')).toBe(Date.UTC(2026, 0, 2, 3, 4, 5))
})

test.each([
  '',
  '2026-01-02T03:04:05.000Z',
  '20260102T030405',
  '20260230T030405Z',
  '20261301T030405Z',
  '20260102T240000Z',
  ' 20260102T030405Z',
  '20260102T030405Z\n',
])('%j is no instant of a file name', (text) => {
  expect(parseInstant(text)).toBeUndefined()
})
