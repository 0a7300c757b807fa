import { describe, expect, test } from 'vitest'
import cluster from '../../../ballast.config.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { definedFacts } from '../../../functions/status/defined-facts.ts'
import { statusReport, verdictOf } from '../../../functions/status/report.ts'
import type { StatusFacts } from '../../../functions/status/status-facts.ts'
import { backupOf, historyOf, pollsUntil, sampledBackup, sampleNowMs, wellFacts } from '../../support/status-facts.ts'
import { troubledFacts } from '../../support/troubled-status.ts'
import { watchedFacts } from '../../support/watched-facts.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

const concerns = (facts: StatusFacts): string[] =>
  statusReport(facts).concerns.map(({ status, subject, code }) => `${status} ${subject} ${code}`)

const unlisted = {
  name: 'nas',
  location: 'file:///nas',
  isCopy: true,
  failure: new Failure('gone', { kind: 'permanent', subject: 'nas', hint: 'Mount it.' }),
}

describe('the verdict', () => {
  test.each([
    [[], 'well'],
    [['warn'], 'well'],
    [['unknown', 'warn'], 'unknown'],
    [['unknown', 'fail'], 'attention'],
  ] as const)('of %j is %s', (statuses, expected) => {
    expect(verdictOf(statuses.map((status) => ({ status })))).toBe(expected)
  })

  test('a cluster in good order is well, with a definition and without', () => {
    expect(concerns(wellFacts())).toEqual([])
    expect(statusReport(wellFacts()).verdict).toBe('well')
    expect(concerns(watchedFacts())).toEqual([])
    expect(statusReport(watchedFacts()).verdict).toBe('well')
  })

  test('one with trouble says all of it, the worst first', () => {
    expect(concerns(troubledFacts())).toEqual([
      'fail shop/ledger alert',
      'fail ledger backup',
      'fail backup (daily) run',
      'unknown nas store',
    ])
    expect(statusReport(troubledFacts()).verdict).toBe('attention')
  })
})

describe('what could not be learned is never well', () => {
  test.each<[string, Partial<StatusFacts>, string]>([
    ['a store of copies', { listings: [...wellFacts().listings, unlisted] }, 'unknown nas store'],
    ['the store of the backups', { listings: [unlisted] }, 'unknown nas store'],
    ['the history', { history: { problem: 'main: no access' } }, 'unknown history history'],
    [
      'a part of the history',
      { history: { value: { series: [], problems: ['2026-11/verify.json is no JSON'] } } },
      'unknown history history',
    ],
    ['the state of alerts', { openAlerts: { problem: 'no access' } }, 'unknown alerts alerts'],
  ])('%s', (_, changed, concern) => {
    const report = statusReport(wellFacts(changed))
    expect(report.verdict).toBe('unknown')
    expect(concerns(wellFacts(changed))).toContain(concern)
  })

  test('databases of a store that cannot be listed are unknown, not without a backup', () => {
    const { databases, concerns: said } = statusReport(watchedFacts({ listings: [unlisted] }))
    expect(databases).toMatchObject([{ database: 'shop', verdict: 'unknown', completeSets: 0, copies: [] }])
    expect(said.map(({ code }) => code)).toEqual(['store'])
  })

  test('replication that was never looked at, where there are standbys', () => {
    const facts = watchedFacts({ history: historyOf([]) })
    expect(concerns(facts)).toEqual(['unknown replication unwatched', 'unknown freshness unwatched'])
    expect(statusReport(facts).replication).toMatchObject({ expectedStandbys: 2, quarters: [] })
    expect(statusReport(facts).replication).not.toHaveProperty('now')
  })

  test('a poll that is too old does not say how things are now', () => {
    const polled = (agoMs: number) =>
      statusReport(
        watchedFacts({
          history: historyOf([{ operation: 'replication', polls: pollsUntil(sampleNowMs - agoMs, minuteMs, 0.1) }]),
        }),
      )
    expect(polled(6 * minuteMs).replication).toHaveProperty('now')
    const old = polled(8 * minuteMs)
    expect(old.replication).not.toHaveProperty('now')
    expect(old.concerns.map(({ code }) => code)).toContain('unwatched')
  })

  test('a poll that failed knows nothing of the lag', () => {
    const failed = historyOf([
      {
        operation: 'replication',
        polls: pollsUntil(sampleNowMs - 20_000, minuteMs, 0.1, () => ({ result: 'failed', message: 'no route' })),
      },
    ])
    const { concerns: said } = statusReport(wellFacts({ history: failed }))
    expect(said).toMatchObject([{ code: 'replication', status: 'unknown', finding: 'no route' }])
  })
})

describe('replication', () => {
  test('that is not well needs attention', () => {
    const bad = historyOf([
      {
        operation: 'replication',
        polls: pollsUntil(sampleNowMs - 20_000, minuteMs, 0.1, () => ({ result: 'bad', message: 'db-3: lag', lagBytes: 5e7 })),
      },
    ])
    const report = statusReport(wellFacts({ history: bad }))
    expect(report.verdict).toBe('attention')
    expect(report.replication?.now).toMatchObject({ result: 'bad', lagBytes: 5e7 })
  })

  test('is not spoken of where there is none', () => {
    expect(statusReport(wellFacts({ history: historyOf([]) }))).not.toHaveProperty('replication')
  })
})

describe('runs', () => {
  const withRun = (result: 'bad' | 'failed', operation: string) =>
    wellFacts({
      history: historyOf([
        { operation, polls: pollsUntil(sampleNowMs - hourMs, hourMs, 0.1, () => ({ result, message: 'm' })) },
      ]),
    })

  test.each(['backup', 'verify', 'copies', 'retention', 'rehearse'])(
    'a last run of %s that did not end well needs attention',
    (operation) => {
      expect(concerns(withRun('failed', operation))).toEqual([`fail ${operation} run`])
      expect(concerns(withRun('bad', operation))).toEqual([`fail ${operation} run`])
    },
  )

  test('freshness is judged anew, and a status does not judge itself', () => {
    expect(concerns(withRun('bad', 'freshness'))).toEqual([])
    expect(concerns(withRun('failed', 'status'))).toEqual([])
    expect(statusReport(withRun('failed', 'status')).operations).toEqual([])
  })

  test('one that is overdue is said: of what watches as unknown, of the rest as a warning', () => {
    const late = (operation: string, agoHours: number) => ({
      operation,
      polls: pollsUntil(sampleNowMs - agoHours * hourMs, hourMs, 0.1),
    })
    const replication = { operation: 'replication', polls: pollsUntil(sampleNowMs - 20_000, minuteMs, 0.1) }
    const fresh = late('freshness', 0.25)
    const seen = (...runs: { operation: string; polls: ReturnType<typeof pollsUntil> }[]) =>
      concerns(watchedFacts({ history: historyOf([replication, ...runs]) }))
    expect(seen(fresh)).toEqual([])
    expect(seen(late('freshness', 3))).toEqual(['unknown freshness overdue'])
    // Due a day later, and a run may take twelve hours.
    expect(seen(fresh, late('verify', 32))).toEqual([])
    expect(seen(fresh, late('verify', 48))).toEqual(['warn verify overdue'])
  })

  test('of the timetable come in its order with their next run, others after them', () => {
    const facts = watchedFacts({
      history: historyOf([{ operation: 'backup', slot: 'gone', polls: pollsUntil(sampleNowMs, hourMs, 1) }]),
    })
    const { operations } = statusReport(facts)
    expect(operations.map(({ operation, slot }) => (slot === undefined ? operation : `${operation}/${slot}`))).toEqual([
      ...['backup/daily', 'backup/six-hourly', 'pitr', 'verify', 'retention', 'copies', 'replication', 'freshness'],
      'backup/gone',
    ])
    expect(operations[0]).toMatchObject({
      schedule: 'daily at 03:00',
      nextMs: Date.parse('2026-11-26T06:00:00Z'),
      polls: 0,
      daysWithoutData: 90,
    })
  })
})

describe('a database', () => {
  const only = (facts: StatusFacts) => statusReport(facts).databases[0]

  test('shows its last backup, its last verification and where the newest proven set is', () => {
    expect(only(wellFacts())).toMatchObject({
      ...{ database: 'shop', verdict: 'well', completeSets: 3, damagedSets: 0 },
      lastBackup: { startedMs: sampleNowMs - 3 * hourMs, seconds: 240, storedBytes: 1_240_000_000, tables: 42 },
      lastVerification: { verdict: 'equal', atMs: sampleNowMs - 25 * hourMs },
      copies: [
        { store: 'main', state: 'held' },
        { store: 'nas', state: 'held' },
      ],
    })
  })

  test('says which store lacks a copy, and of which nothing is known', () => {
    const [main, nas] = wellFacts().listings
    if (main === undefined || nas === undefined || !('sets' in nas)) throw new Error('the sample has two stores')
    const empty = { ...nas, name: 'empty', sets: [] }
    const unread = { ...main, name: 'unread', isCopy: true }
    expect(only(wellFacts({ listings: [main, empty, unread, unlisted] }))?.copies.map(({ state }) => state)).toEqual([
      'held',
      'missing',
      'unproven',
      'unknown',
    ])
  })

  test('that the last verification found different shows that, and needs attention', () => {
    const sets = [backupOf('shop', 3, { verdict: 'different' }), backupOf('shop', 27, { verdict: 'equal' })]
    const facts = wellFacts({ listings: [{ name: 'main', location: 's3://m', isCopy: false, sets }] })
    expect(only(facts)).toMatchObject({
      verdict: 'attention',
      lastVerification: { verdict: 'different' },
      newestProvenMs: sampleNowMs - 27 * hourMs,
    })
  })

  test('that was verified in part shows that as what it is, and is well', () => {
    const sets = [sampledBackup('shop', 3), backupOf('shop', 200, { verdict: 'equal' })]
    const facts = wellFacts({
      listings: [{ name: 'main', location: 's3://m', isCopy: false, sets }],
      freshness: { ...wellFacts().freshness, minCopies: 1 },
    })
    expect(only(facts)).toMatchObject({
      verdict: 'well',
      lastVerification: { verdict: 'sampled', digests: { tables: 9, ofTables: 42, percent: 21 } },
      newestProvenMs: sampleNowMs - 3 * hourMs,
    })
  })

  test('with tables that were not compared by digest for too long has a warning that names them', () => {
    const late = { set: 'x', tables: [{ schema: 'public', name: 'orders', sinceMs: sampleNowMs - 200 * hourMs }] }
    const within = { everythingWithin: { seconds: 7 * 86_400, runSeconds: 3600 } }
    const facts = wellFacts({
      freshness: { ...wellFacts().freshness, ...within },
      digests: new Map([['shop', late]]),
    })
    expect(only(facts)?.verdict).toBe('well')
    expect(statusReport(facts).concerns).toMatchObject([
      { code: 'digests', status: 'warn', subject: 'shop', finding: expect.stringContaining('public.orders (8.3 days)') },
    ])
  })

  test('of the definition that was never backed up is there', () => {
    const facts = watchedFacts({ defined: definedFacts(cluster) })
    expect(statusReport(facts).databases.map(({ database, verdict }) => [database, verdict])).toEqual([
      ['shop', 'well'],
      ['ledger', 'attention'],
    ])
    expect(statusReport(facts).databases[0]?.nextBackupMs).toBe(Date.parse('2026-11-25T21:00:00Z'))
  })

  test('a backup from the future is not the last one', () => {
    const sets = [backupOf('shop', -48), backupOf('shop', 3, { verdict: 'equal' })]
    const facts = wellFacts({ listings: [{ name: 'main', location: 's3://m', isCopy: false, sets }] })
    expect(only(facts)?.lastBackup?.startedMs).toBe(sampleNowMs - 3 * hourMs)
    expect(statusReport(facts).verdict).toBe('attention')
  })
})

test('a store without any backup is not well', () => {
  const facts = wellFacts({ listings: [{ name: 'main', location: 's3://m', isCopy: false, sets: [] }], history: historyOf([]) })
  expect(concerns(facts)).toEqual(['fail s3://m backup'])
})

test('open alerts need attention when they are critical, and are listed either way', () => {
  const alert = { name: 'lag', subject: 'db-2', summary: 's', sinceMs: sampleNowMs }
  const report = (severity: 'critical' | 'warning') =>
    statusReport(wellFacts({ openAlerts: { value: [{ ...alert, severity }] } }))
  expect(report('critical').verdict).toBe('attention')
  expect(report('warning').verdict).toBe('well')
  expect(report('warning').openAlerts).toEqual([{ ...alert, severity: 'warning' }])
})
