import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { directoryStore, runDefinition } from '../../support/run-definition.ts'
import { address, storeSet } from '../../support/stored-sets.ts'

const cli = useCommandLine(() => ({}))
const [gigabyte, megabyte] = [1e9, 1e6]

/** Sets of shop/app: 1 GB in 20 s, and before it in 10 s. */
beforeAll(async () => {
  const store = openStore({ type: 'file', directory: join(cli.directory(), 'sets') })
  for (const [set, seconds] of [
    ['2026-11-22T060000Z-daily', 10],
    ['2026-11-23T060000Z-daily', 20],
  ] as const) {
    const finishedAt = new Date(Date.parse(`${set.slice(0, 13)}:00:00Z`) + seconds * 1000).toISOString()
    await storeSet(store, address(set), { summary: { finishedAt, rawBytes: gigabyte, storedBytes: 200 * megabyte } })
  }
  store.close()
})

const store = (): string => `file://${join(cli.directory(), 'sets')}`

test('without a store all rates are assumed, and said to be; the exit code is that of the limits', async () => {
  const small = await cli.run(['plan', '--size', '300GB', '--tables', '500'])
  expect(small.code, small.stderr).toBe(0)
  expect(small.stdout).toMatch(/one connection +25.0 MB\/s \(assumed: no store was named\)/)
  expect(small.stdout).toContain('list prices of us-east-1')
  const { code, stdout, stderr } = await cli.run(['plan', '--size', '10TB', '--tables', '5000'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/units +[12]\d,\d{3}, in /)
  expect(stdout).toMatch(/backup\.limits\.duration .*ENDS THE RUN/)
  expect(stderr).toContain('backup.limits.duration')
})

test('rates of earlier sets take the place of assumed ones: the best, by its connections', async () => {
  const args = ['plan', '--size', '1 TB', '--store', store(), '--cluster', 'shop', '--database', 'app', '--connections', '24']
  const { code, outcome } = await cli.outcome(args)
  expect(code, JSON.stringify(outcome.failure)).toBe(0)
  expect(outcome).toMatchObject({
    numbers: { workers: 20, connections: 24, bound: 'workers' },
    details: {
      question: { rates: { copyBytesPerSecond: 50 * megabyte, storedShare: 0.2 } },
      ratesFrom: { copy: expect.stringMatching(/^measured: the best of 2 sets of app in file:.*, by 2 connections$/) },
    },
  })
})

test('options take the place of both, and the store is not asked', async () => {
  const given = ['--rate', '40MB/s', '--stored', '50%', '--store-rate', '80 MB', '--latency', '20ms', '--start', '500 ms']
  const { outcome } = await cli.outcome([
    'plan',
    '--size',
    '1TB',
    '--store',
    'file:///nowhere',
    ...given,
    '--wal-rate',
    '5 MB/s',
  ])
  expect(outcome.details).toMatchObject({
    question: {
      walBytesPerSecond: 5e6,
      rates: { copyBytesPerSecond: 4e7, storedShare: 0.5, storeBytesPerSecond: 8e7, requestSeconds: 0.02, startSeconds: 0.5 },
    },
    ratesFrom: { copy: 'given', stored: 'given' },
  })
})

test('a definition gives its limits, its connections, and the rates of its first store', async () => {
  const file = join(cli.directory(), 'shop.config.ts')
  const backup = "workers: 4, fanOut: { connections: 13 }, limits: { duration: '2 min' }"
  const databases = ["{ name: 'app', owner: 'app', connection: { url: env('DATABASE_URL') } }"]
  await writeFile(file, runDefinition({ databases, stores: [directoryStore('main', join(cli.directory(), 'sets'))], backup }))
  const { code, outcome } = await cli.outcome(['plan', '--config', file, '--size', '1TB'])
  expect(code, JSON.stringify(outcome.failure)).toBe(1)
  expect(outcome).toMatchObject({
    failure: { kind: 'unwell', code: 'OverLimit', message: expect.stringContaining('backup.limits.duration') },
    numbers: { workers: 9, connections: 13 },
    details: { question: { limits: { durationSeconds: 120 }, rates: { copyBytesPerSecond: 25 * megabyte } } },
  })
})

test('prices of another region take the place of the list', async () => {
  const file = join(cli.directory(), 'prices.json')
  const prices = {
    ...{ region: 'sa-east-1', asOf: 'now', s3: { thousandWrites: 0, thousandReads: 0, gigabyteMonth: 1 } },
    ...{ lambda: { gigabyteSecond: 0, millionCalls: 0 }, stepFunctions: { thousandTransitions: 0 } },
  }
  await writeFile(file, JSON.stringify(prices))
  const { outcome } = await cli.outcome(['plan', '--size', '100GB', '--stored', '10%', '--prices', file])
  expect(outcome.numbers).toMatchObject({ usDollarsOfRun: 0, usDollarsOfMonth: 10 })
})

test.each([
  [['--size', 'large'], "--size: 'large' is not a size"],
  [['--size', '1TB', '--largest', '2TB'], '--largest'],
  [['--size', '1TB', '--rate', 'fast'], "--rate: 'fast' is not a size"],
  [['--size', '1TB', '--rate', '0MB/s'], '--rate'],
  [['--size', '1TB', '--connections', '4'], '--connections'],
  [['--size', '1TB', '--prices', '/nowhere.json'], '/nowhere.json'],
  [['--size', '1TB', '--store', 'file:///nowhere'], '--database'],
  [[], '--size'],
])('%j is refused by name', async (args, said) => {
  const { code, stderr } = await cli.run(['plan', ...args])
  expect(code).toBe(2)
  expect(stderr).toContain(said)
})
