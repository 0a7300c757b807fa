import { expect, test } from 'vitest'
import { statusOutcome } from '../../../cli/outcomes/status-outcome.ts'
import { statusText } from '../../../cli/terminal/status-text.ts'
import { plainStyle } from '../../../cli/terminal/style.ts'
import { exitCode } from '../../../functions/platform/outcome.ts'
import { statusReport } from '../../../functions/status/report.ts'
import { backupOf, historyOf, pollsUntil, sampleNowMs, wellFacts } from '../../support/status-facts.ts'
import { troubledFacts } from '../../support/troubled-status.ts'

test('a cluster in good order', () => {
  expect(statusText(statusReport(wellFacts()), plainStyle)).toMatchSnapshot()
})

test('one with trouble', () => {
  expect(statusText(statusReport(troubledFacts()), plainStyle)).toMatchSnapshot()
})

test('a pause of replay for a backup is said for as long as it lasts', () => {
  const polls = pollsUntil(sampleNowMs - 20_000, 60_000, 0.1, () => ({ lagBytes: 10, replayPausedSeconds: 3_900 }))
  const text = statusText(statusReport(wellFacts({ history: historyOf([{ operation: 'replication', polls }]) })), plainStyle)
  expect(text).toMatch(/^Replication: well, 10 B behind.*, replay paused for a backup for 1 h 05 min, /m)
})

test('names that would act on a terminal do not', () => {
  const evil = 'shop\u001b]0;title\u0007'
  const facts = wellFacts({
    ...{ title: evil, cluster: evil },
    listings: [{ name: 'main', location: 's3://m', isCopy: false, sets: [{ ...backupOf(evil, 50) }] }],
    openAlerts: { value: [{ name: evil, subject: evil, summary: evil, severity: 'critical', sinceMs: sampleNowMs }] },
  })
  const text = statusText(statusReport(facts), plainStyle)
  expect(['\u001b', '\u0007'].filter((letter) => text.includes(letter))).toEqual([])
})

test('the outcome: exit code 1 unless all is well and known, and why', () => {
  expect(exitCode(statusOutcome(statusReport(wellFacts())))).toBe(0)
  const unknown = statusOutcome(statusReport(wellFacts({ history: { problem: 'no access' } })))
  expect(exitCode(unknown)).toBe(1)
  expect(unknown.failure).toMatchObject({ kind: 'unwell', message: 'history: history' })
  const trouble = statusOutcome(statusReport(troubledFacts()))
  expect(exitCode(trouble)).toBe(1)
  expect(trouble.numbers).toEqual({ failures: 3, unknowns: 1, warnings: 0 })
  expect(trouble.failure?.message).toBe('shop/ledger: alert; ledger: backup; backup (daily): run; nas: store')
})
