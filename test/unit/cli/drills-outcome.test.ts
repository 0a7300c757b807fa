import { expect, test } from 'vitest'
import { drillsNote, drillsOutcome, drillsText } from '../../../cli/outcomes/drills-outcome.ts'
import { plainStyle } from '../../../cli/terminal/style.ts'
import { exitCode } from '../../../functions/platform/outcome.ts'
import type { RehearsedDrill } from '../../../handover/drills/rehearse.ts'
import type { DrillRecord } from '../../../handover/records/drill-record.ts'
import { verdictOf } from '../../../handover/records/verdict.ts'
import { sampleDrill } from '../../support/sample-drill.ts'

const limit = { is: 'at most', value: 10, from: 'handover.goals.firstWrite' } as const
const base: DrillRecord = {
  ...{ ...sampleDrill, startedAt: '2026-11-27T02:00:00.000Z', endedAt: '2026-11-27T02:00:05.000Z' },
  measurements: [{ key: 'firstWrite', value: 0.97216, unit: 's', samples: 1, limit }],
}

function rehearsed(changes: Partial<DrillRecord> = {}, leftOut = false): RehearsedDrill {
  const record = { ...base, ...changes }
  return { record, verdict: verdictOf(record), leftOut, path: `results/shop/${record.name}.json` }
}

const passed = rehearsed()
const failed = rehearsed({ name: 'rejoin', findings: ['db-1 does not stream.'] })
const skipped = rehearsed({ name: 'disk-filling', state: 'skipped', reason: 'No disk. Use the images.', measurements: [] })
const leftOut = rehearsed({ name: 'stress', state: 'skipped', reason: 'Left out.', measurements: [] }, true)
const going = new AbortController().signal
const outcomeOf = (drills: RehearsedDrill[], signal = going) => drillsOutcome('shop', 'sandbox', drills, 6, signal)

test('it is well when every drill that was asked for passed; what the definition leaves out does not count', () => {
  const outcome = outcomeOf([passed, leftOut])
  expect(outcome).toMatchObject({
    ok: true,
    numbers: { on: 'sandbox', passed: 1, failed: 0, notRun: 0, leftOut: 1, seconds: 6 },
  })
  expect(exitCode(outcome)).toBe(0)
})

test.each<[string, RehearsedDrill[], string]>([
  ['one that failed', [passed, failed], 'not passed: rejoin (failed) of 2 drills'],
  ['one that was not run', [passed, skipped], 'not passed: disk-filling (not run) of 2 drills'],
  ['nothing but what is left out', [leftOut], 'not passed: no drill was run: the definition leaves them all out'],
  ['nothing at all', [], 'not passed: no drill was run: the definition leaves them all out'],
])('it is not well with %s', (_, drills, message) => {
  const outcome = outcomeOf(drills)
  expect(outcome).toMatchObject({ ok: false, failure: { kind: 'unwell', message } })
  expect(exitCode(outcome)).toBe(1)
})

test('one that was stopped is not well, even where all that was run passed', () => {
  const outcome = outcomeOf([passed], AbortSignal.abort())
  expect(outcome).toMatchObject({ ok: false, failure: { kind: 'transient', code: 'Aborted' } })
})

test('the note that is filed counts, and names what did not pass', () => {
  expect(drillsNote('sandbox', [passed, failed, skipped, leftOut])).toBe(
    'on a sandbox: 1 passed, 1 failed, 1 not run, 1 left out by the definition; rejoin: failed; disk-filling: not run',
  )
})

test('the text shows what was measured against which limit, what is wrong, and where the record is', () => {
  expect(drillsText([passed, failed, skipped, leftOut], 6, 's3://b/drills/x.json', plainStyle)).toBe(`  passed failover (5 s)
      From promotion to the first write: 0.97 s (at most 10 s)
      results/shop/failover.json
  FAILED rejoin (5 s)
      From promotion to the first write: 0.97 s (at most 10 s)
      db-1 does not stream.
      results/shop/rejoin.json
  not run disk-filling (5 s)
      No disk. Use the images.
      results/shop/disk-filling.json
  left out stress (5 s)
      Left out.
      results/shop/stress.json
1 passed, 1 failed, 1 not run, 1 left out, in 6 s
filed as a drill: s3://b/drills/x.json
`)
})
