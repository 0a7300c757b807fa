import { expect, test } from 'vitest'
import type { Rehearsal } from '../../../config/rehearsals.ts'
import type { LastRehearsal } from '../../../functions/runtime/rehearsals/rehearsal-verdict.ts'
import { statusReport } from '../../../functions/status/report.ts'
import type { StatusFacts } from '../../../functions/status/status-facts.ts'
import { watchedFacts } from '../../support/watched-facts.ts'

const concerns = (facts: StatusFacts): string[] =>
  statusReport(facts).concerns.map(({ status, subject, code }) => `${status} ${subject} ${code}`)

const record = (on: string, result: LastRehearsal['result'] = 'passed'): LastRehearsal => {
  return { atMs: Date.parse(`${on}T12:00:00Z`), result, by: 'Ana', note: 'from nas' }
}
const withRecords = (...records: [Rehearsal, LastRehearsal][]) => watchedFacts({ rehearsals: { value: new Map(records) } })
const states = (facts: StatusFacts) => statusReport(facts).rehearsals?.map(({ rehearsal, state }) => `${rehearsal} ${state}`)

test('what people rehearse is shown with the last record and the next date', () => {
  const facts = withRecords(['restore-test', record('2026-11-02')], ['drill', record('2026-10-16', 'scheduled')])
  expect(concerns(facts)).toEqual([])
  expect(statusReport(facts).rehearsals).toEqual([
    {
      ...{ rehearsal: 'restore-test', schedule: 'monthly on 1 at 09:00', state: 'well', last: record('2026-11-02') },
      dueMs: Date.parse('2026-12-01T12:00:00Z'),
    },
    {
      ...{ rehearsal: 'drill', schedule: 'quarterly on 15 at 09:00', state: 'well' },
      dueMs: Date.parse('2027-01-15T12:00:00Z'),
    },
  ])
})

test('what is due is a warning; that is overdue, or failed, needs attention', () => {
  // Due since the first of the month, 24 days ago; the grace is a week.
  const overdue = withRecords(['restore-test', record('2026-10-30')], ['drill', record('2026-11-20', 'failed')])
  expect(states(overdue)).toEqual(['restore-test overdue', 'drill failed'])
  expect(concerns(overdue)).toEqual(['fail restore-test rehearsal-due', 'fail drill rehearsal-failed'])
  expect(statusReport(overdue).verdict).toBe('attention')
  const due = watchedFacts({
    asOfMs: Date.parse('2026-12-01T12:00:00Z'),
    rehearsals: { value: new Map([['restore-test', record('2026-11-02')]]) },
  })
  expect(states(due)).toEqual(['restore-test due', 'drill well'])
  expect(concerns(due)).toContain('warn restore-test rehearsal-due')
})

test('records that cannot be read are unknown, and not well', () => {
  const facts = watchedFacts({ rehearsals: { problem: 'main: no access' } })
  expect(statusReport(facts)).toMatchObject({ verdict: 'unknown' })
  expect(statusReport(facts)).not.toHaveProperty('rehearsals')
  expect(concerns(facts)).toEqual(['unknown rehearsals rehearsals'])
})

test('nothing is said of it where the definition asks for nothing', () => {
  expect(statusReport(watchedFacts())).not.toHaveProperty('rehearsals')
})
