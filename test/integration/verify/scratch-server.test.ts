import { spawn } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { allGone, firstLine, processesOf } from '../../support/processes.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { makeVerifyBench, removeVerifyBench, type VerifyBench } from '../../support/verify-bench.ts'

const sandbox = useSandbox()
let bench: VerifyBench

beforeAll(async () => {
  await sandbox.createDatabase('verify_scratch')
  await sandbox.psql(sandbox.primary.url('verify_scratch'), 'CREATE TABLE t AS SELECT n FROM generate_series(1, 1000) n')
  bench = await makeVerifyBench(sandbox.backupUrl('verify_scratch'), sandbox.pgBin)
})

afterAll(() => removeVerifyBench(bench))

/** Variables of the test's own process that a server must not see. */
const secrets = { AWS_SECRET_ACCESS_KEY: 'hidden-1', PGPASSWORD: 'hidden-2', DATABASE_URL: 'postgresql://a:hidden-3@b/c' }

describe('the scratch server', () => {
  test('is fast, private and alone: no TCP, no way in for others, no credentials in any of its processes', async () => {
    Object.assign(process.env, secrets)
    try {
      await bench.withRestored(async ({ connection }) => {
        const session = await openSession(connection)
        const names = [
          'fsync',
          'full_page_writes',
          'synchronous_commit',
          'wal_level',
          'max_wal_senders',
          'autovacuum',
          'jit',
          'listen_addresses',
        ]
        const values = await session.query<{ value: string }>(
          'SELECT current_setting(name) AS value FROM unnest($1::text[]) WITH ORDINALITY AS t(name, n) ORDER BY n',
          [names],
        )
        await session.close()
        expect(values.map(({ value }) => value)).toEqual(['off', 'off', 'off', 'minimal', '0', 'off', 'off', ''])
        const socketDirectory = connection.hosts[0]?.host ?? ''
        for (const directory of [socketDirectory, dirname(socketDirectory), dirname(dirname(socketDirectory))]) {
          expect((await stat(directory)).mode & 0o777, directory).toBe(0o700)
        }
        const pids = await processesOf(bench.scratch)
        expect(pids.length).toBeGreaterThan(0)
        for (const pid of pids) {
          const environment = await readFile(`/proc/${pid}/environ`, 'utf8')
          expect(environment).not.toMatch(/hidden|AWS_|PG|DATABASE_URL/)
        }
      })
    } finally {
      for (const name of Object.keys(secrets)) delete process.env[name]
    }
    expect(await bench.leftovers()).toEqual([])
  })

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'is gone with its directory when its parent is ended by %s',
    async (signal) => {
      const { cluster, database, set } = bench.address
      const program = join(import.meta.dirname, '../../support/programs/hold-verify.ts')
      const child = spawn(process.execPath, [program, bench.store.directory, cluster, database, set], {
        env: { ...bench.env, PATH: '/usr/bin:/bin' },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      try {
        expect(await firstLine(child.stdout)).toBe('restored')
        const [directory = ''] = await readdir(bench.scratch)
        expect((await processesOf(join(bench.scratch, directory))).length).toBeGreaterThan(0)
        child.kill(signal)
        expect(await allGone(bench.scratch)).toBe(true)
        await expect.poll(() => bench.leftovers(), { timeout: 60_000 }).toEqual([])
      } finally {
        child.kill('SIGKILL')
      }
    },
  )
})
