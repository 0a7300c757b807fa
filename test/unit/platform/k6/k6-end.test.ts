import { expect, test } from 'vitest'
import { parsedSummary, requireMissedThresholds } from '../../../../functions/platform/k6/k6-end.ts'
import { endedBadly } from '../../../../functions/platform/process/child-failure.ts'

const ended = (exitCode: number | null, signal: NodeJS.Signals | null = null) =>
  endedBadly('/usr/bin/k6', { exitCode, signal }, 'some words of k6')

test('only exit code 99 is about thresholds', () => {
  expect(() => requireMissedThresholds(ended(99))).not.toThrow()
})

test.each([
  [104, 'config'],
  [105, 'transient'],
  [107, 'config'],
  [109, 'permanent'],
  [1, 'permanent'],
])('exit code %i is a failed run, of kind %s, in the words of k6', (code, kind) => {
  const attempt = () => requireMissedThresholds(ended(code))
  expect(attempt).toThrow(
    expect.objectContaining({ kind, code: `exit ${code}`, message: expect.stringContaining('some words') }),
  )
})

test('a kill from outside is a failed run', () => {
  expect(() => requireMissedThresholds(ended(null, 'SIGKILL'))).toThrow(expect.objectContaining({ code: 'SIGKILL' }))
})

test.each([
  ['none', undefined],
  ['a cut one', '{"format":1,"scen'],
  ['an empty one', ''],
])('a run is nothing with %s for a summary', (_, text) => {
  expect(() => parsedSummary(text, 'some words of k6')).toThrow(/some words of k6/)
})
