import { expect, test } from 'vitest'
import { pgbenchArgs } from '../../../../functions/platform/pgbench/pgbench-args.ts'
import { type PgbenchProgress, progressReader } from '../../../../functions/platform/pgbench/pgbench-progress.ts'
import { parseReport } from '../../../../functions/platform/pgbench/pgbench-report.ts'

/** What pgbench 15 printed, with a rate and with two scripts. */
const rated = `pgbench (15.18 (Debian 15.18-0+deb12u1))
transaction type: multiple scripts
scaling factor: 1
query mode: simple
number of clients: 20
number of threads: 2
maximum number of tries: 1
duration: 3 s
number of transactions actually processed: 74088
number of failed transactions: 7 (0.006%)
number of transactions skipped: 41168 (35.719%)
number of transactions above the 5.0 ms latency limit: 54899/74088 (74.100%)
latency average = 5.279 ms
latency stddev = 1.685 ms
rate limit schedule lag: avg 4.514 (max 5.000) ms
initial connection time = 112.212 ms
tps = 25645.809658 (without initial connection time)
SQL script 1: read.sql
 - weight: 4 (targets 80.0% of total)
 - 36247 transactions (80.1% of total, tps = 10539.875285)
 - number of failed transactions: 5 (0.000%)
 - number of transactions above the 5.0 ms latency limit: 1/36247 (0.003%)
 - latency average = 14.176 ms
 - latency stddev = 3.064 ms
`

test('a report is read for all scripts together', () => {
  expect(parseReport(rated)).toEqual({
    ...{ clients: 20, transactions: 74088, failed: 7, skipped: 41168, late: 54899, transactionsPerSecond: 25645.809658 },
    latencyMs: { average: 5.279, stddev: 1.685 },
  })
})

test.each([
  [
    'serialization and deadlock failures',
    'number of failed transactions: 7 (0.006%)\nnumber of serialization failures: 6 (0.005%)\nnumber of deadlock failures: 1 (0.001%)',
  ],
  [
    'other failures, which newer versions count apart',
    'number of failed transactions: 7 (0.006%)\nnumber of other failures: 7 (0.006%)',
  ],
  [
    'tries',
    'number of failed transactions: 7 (0.006%)\nnumber of transactions retried: 3 (0.002%)\ntotal number of retries: 4',
  ],
])('%s in detail change nothing of it', (_what, lines) => {
  const detailed = rated.replace('number of failed transactions: 7 (0.006%)', lines)
  expect(parseReport(detailed)).toEqual(parseReport(rated))
})

test('without a rate nothing is skipped', () => {
  expect(parseReport(rated.replace(/^number of transactions skipped.*\n/m, ''))).toMatchObject({ skipped: 0 })
})

test.each([
  ['nothing', ''],
  ['no transaction', rated.split('number of failed')[0]?.replace('74088', '0') ?? ''],
  ['no count of failures, as of pgbench 14', rated.replace(/^number of failed.*\n/m, '')],
  ['no latency', rated.replace(/^latency average.*\n/m, '')],
  ['an end cut off', rated.split('tps =')[0] ?? ''],
])('%s is no report', (_what, text) => {
  expect(parseReport(text)).toBeUndefined()
})

test('lines of progress are read out of pieces, and everything else is passed over', () => {
  const seen: PgbenchProgress[] = []
  const read = progressReader((progress) => seen.push(progress))
  const text = `pgbench: error: client 3 aborted
progress: 1.0 s, 4478.9 tps, lat 17.990 ms stddev 6.036, 0 failed
progress: 2.1 s, 25130.4 tps, lat 5.122 ms stddev 2.419, 0 failed, lag 4.349 ms, 14098 skipped
progress: 3.0 s, 0.0 tps, lat 0.000 ms stddev 0.000, 0 failed
progress: 4.0 s, 7.0 tps, lat`
  for (const letter of text) read(Buffer.from(letter))
  expect(seen).toEqual([
    { atSeconds: 1, transactionsPerSecond: 4478.9, latencyMs: 17.99 },
    { atSeconds: 2.1, transactionsPerSecond: 25130.4, latencyMs: 5.122 },
    { atSeconds: 3, transactionsPerSecond: 0 },
  ])
})

test('the arguments hold the load and the name of the database, and no word of the connection', () => {
  const plan = {
    protocol: 'simple',
    clients: 200,
    threads: 2,
    seconds: 60,
    latencyMs: 200,
    scripts: [{ path: '/w/read.sql', weight: 4 }],
  } as const
  const args = pgbenchArgs(plan, "it's")
  expect(args).toEqual([
    ...['--no-vacuum', '--protocol=simple', '--client=200', '--jobs=2', '--time=60', '--progress=1', '--latency-limit=200'],
    '--file=/w/read.sql@4',
    expect.stringMatching(/^dbname='it\\'s' /),
  ])
  expect(pgbenchArgs({ ...plan, ratePerSecond: 50 }, 'shop')).toContain('--rate=50')
})
