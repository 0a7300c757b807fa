import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../../functions/platform/process/run.ts'
import { start } from '../../../functions/platform/process/start.ts'
import { sessionEnvironment } from '../../../sandbox/psql.ts'
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts'
import { alarmsOf, expectWellAgain, WatchedCluster } from '../../support/watched-cluster.ts'

const polls = 500
/** A poll takes some hundredths of a second, and several times that where the machine is busy. */
const withinMs = 600_000
let sandbox: Sandbox
let cluster: WatchedCluster

beforeAll(async () => {
  sandbox = await startSandbox({ s3: false, pgbouncer: false })
  cluster = new WatchedCluster(sandbox)
  await pgbench(['--initialize', '--scale=2'])
  await expectWellAgain(cluster)
}, 120_000)

afterAll(() => sandbox?.stop())

const pgbenchCommand = (args: readonly string[]) => ({
  command: join(sandbox.pgBin, 'pgbench'),
  args,
  env: { PATH: '/usr/bin:/bin', ...sessionEnvironment(sandbox.primary.url()) },
})
const pgbench = (args: readonly string[]) => run(pgbenchCommand(args))

/** What was amiss in so many polls, and how often. */
async function amiss(): Promise<string[]> {
  const found: string[] = []
  for (let poll = 0; poll < polls; poll += 1) {
    const judged = await cluster.poll()
    found.push(...alarmsOf(judged), ...alarmsOf(judged, 'warn'))
  }
  return found
}

test(
  `${polls} polls of an idle cluster raise nothing`,
  async () => {
    expect(await amiss()).toEqual([])
  },
  withinMs,
)

test(
  `${polls} polls of a cluster at work raise nothing`,
  async () => {
    const before = await sandbox.psql(sandbox.primary.adminUrl(), 'SELECT pg_current_wal_lsn()')
    const load = start(pgbenchCommand(['--no-vacuum', '--client=4', '--rate=200', '--time=600']))
    load.stdout.resume()
    try {
      expect(await amiss()).toEqual([])
    } finally {
      load.kill()
      await expect(load.done).rejects.toThrow('pgbench')
    }
    const written = `SELECT pg_current_wal_lsn() - '${before}'::pg_lsn > 1000000`
    expect(await sandbox.psql(sandbox.primary.adminUrl(), written)).toBe('t')
  },
  withinMs,
)
