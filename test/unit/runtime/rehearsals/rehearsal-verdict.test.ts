import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextDueMs } from '../../../../config/due.ts'
import type { RehearsalPlan } from '../../../../config/rehearsals.ts'
import { type LastRehearsal, rehearsalVerdict } from '../../../../functions/runtime/rehearsals/rehearsal-verdict.ts'
import { whenOf } from '../../../support/when.ts'

const at = (text: string): number => Date.parse(text)
const dayMs = 86_400_000

const monthly: RehearsalPlan = {
  ...{ rehearsal: 'restore-test', when: whenOf('monthly on 1 at 09:00'), timeZone: 'America/Sao_Paulo' },
  graceSeconds: 7 * 86_400,
}
const done = (atMs: number, result: LastRehearsal['result'] = 'passed'): LastRehearsal => {
  return { atMs, result, by: 'Ana', note: 'from nas' }
}

test.each<[string, string, string, string]>([
  ['before its next date', '2026-11-12T15:00:00Z', '2026-12-01T11:59:59Z', 'ok'],
  ['on its date, by the clocks of the cluster', '2026-11-12T15:00:00Z', '2026-12-01T12:00:00Z', 'warn'],
  ['within the grace', '2026-11-12T15:00:00Z', '2026-12-08T12:00:00Z', 'warn'],
  ['after the grace', '2026-11-12T15:00:00Z', '2026-12-08T12:00:01Z', 'fail'],
  ['long after', '2026-11-12T15:00:00Z', '2027-11-12T15:00:00Z', 'fail'],
  ['done again after its date', '2026-12-02T15:00:00Z', '2026-12-08T12:00:01Z', 'ok'],
  // What is done a day early counts for the date before.
  ['done before its date', '2026-11-30T15:00:00Z', '2026-12-01T12:00:00Z', 'warn'],
])('%s', (_, last, now, status) => {
  const { finding } = rehearsalVerdict(monthly, done(at(last)), at(now))
  expect(finding).toMatchObject({ name: 'date', status })
})

test('it says since when it is due, when it was done last, and how to file the next', () => {
  const last = done(at('2026-11-12T15:00:00Z'))
  expect(rehearsalVerdict(monthly, last, at('2026-12-03T00:00:00Z'))).toEqual({
    dueMs: at('2026-12-01T12:00:00Z'),
    finding: {
      ...{ name: 'date', status: 'warn' },
      finding: 'due since 2026-12-01 12:00 UTC; the last one passed on 2026-11-12 15:00 UTC',
      fix: 'Restore a backup by hand as in an emergency, then file it: `ballast rehearse --record restore-test --by NAME --note TEXT`.',
    },
  })
})

test('one that failed is not well until one passes, whatever its date', () => {
  const failed = done(at('2026-11-12T15:00:00Z'), 'failed')
  for (const now of ['2026-11-12T15:00:00Z', '2027-02-01T00:00:00Z']) {
    const { finding } = rehearsalVerdict({ ...monthly, rehearsal: 'drill' }, failed, at(now))
    expect(finding).toMatchObject({ name: 'result', status: 'fail', finding: 'the last one, on 2026-11-12 15:00 UTC, failed' })
    expect(finding.fix).toMatch(/^Put right .* Do the drill, then file it: `ballast rehearse --record drill /)
  }
})

test('what the definition has only begun to ask for is due at its next date, and not before', () => {
  const begun = done(at('2026-11-20T00:00:00Z'), 'scheduled')
  for (const last of [undefined, begun]) {
    const { finding, dueMs } = rehearsalVerdict(monthly, last, at('2026-11-20T00:00:00Z'))
    expect(finding).toMatchObject({ status: 'ok', finding: 'due from 2026-12-01 12:00 UTC on; none has been filed' })
    expect(dueMs).toBe(at('2026-12-01T12:00:00Z'))
  }
  expect(rehearsalVerdict(monthly, begun, at('2026-12-01T12:00:00Z')).finding.status).toBe('warn')
})

test('it is never due before an instant of the schedule after the last record, and always after one and the grace', () => {
  const plan = fc
    .record({
      when: fc.constantFrom('monthly on 28 at 23:30', 'quarterly on 1 at 02:30', 'weekly on sunday at 00:00', '30 2 29 2 *'),
      timeZone: fc.constantFrom('UTC', 'America/Sao_Paulo', 'Europe/Berlin', 'Pacific/Apia'),
      graceSeconds: fc.integer({ min: 3600, max: 90 * 86_400 }),
    })
    .map(({ when, ...rest }): RehearsalPlan => ({ rehearsal: 'drill', when: whenOf(when), ...rest }))
  const moment = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2029-01-01T00:00:00Z') })
  fc.assert(
    fc.property(plan, moment, fc.integer({ min: 0, max: 400 * dayMs }), (asked, lastMs, laterMs) => {
      const nowMs = lastMs + laterMs
      const due = nextDueMs(asked.when, asked.timeZone, lastMs)
      const { status } = rehearsalVerdict(asked, done(lastMs), nowMs).finding
      const expected = nowMs < due ? 'ok' : nowMs <= due + asked.graceSeconds * 1000 ? 'warn' : 'fail'
      expect(status).toBe(expected)
    }),
    { numRuns: 300 },
  )
})
