import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serverAccount } from '../../../functions/platform/postgres/server-account.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { findServerBinaries } from '../../../sandbox/binaries.ts'
import { hostVersions } from '../../support/database-node.ts'
import { type OtherPrograms, otherPostgresRuns, unpackOtherPostgres } from '../../support/other-postgres.ts'
import { kilobytes, type TunedMachine, tune } from '../../support/tuner.ts'

const gib = 1024 * 1024
const common = { profile: 'ballast', diskMb: 80_000, clients: 1000, slotWalMb: 3814, keepWalMb: 488 } as const

/** From the least machine to a large one, with few sessions and many, and a standby of a primary with more of everything. */
const machines: readonly Omit<TunedMachine, 'version'>[] = [
  { ...common, memoryKb: 470_000, cpus: 1, workload: 'web', connections: 100 },
  { ...common, memoryKb: gib, cpus: 1, workload: 'oltp', connections: 100 },
  { ...common, memoryKb: 4 * gib, cpus: 2, workload: 'mixed', connections: 200 },
  { ...common, memoryKb: 64 * gib, cpus: 32, workload: 'warehouse', connections: 40 },
  { ...common, memoryKb: 512 * gib, cpus: 128, workload: 'web', connections: 5000 },
  {
    ...{ ...common, memoryKb: 16 * gib, cpus: 4, workload: 'web', connections: 100 },
    atLeast: { max_connections: 300, max_worker_processes: 64, max_prepared_transactions: 50, max_locks_per_transaction: 1024 },
  },
]

/** Programs of one version, this machine's own or unpacked for the test. */
async function programs(version: number): Promise<OtherPrograms> {
  if (version === 14 || version === 18) return await unpackOtherPostgres(version)
  const bin = await findServerBinaries(`/usr/lib/postgresql/${version}/bin`)
  const directory = await mkdtemp(join(tmpdir(), 'ballast-tuned-'))
  const own = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), env: { PATH: bin } }
  return { ...own, directory, remove: () => rm(directory, { recursive: true }) }
}

const { postgres: own } = await hostVersions()

describe.runIf(otherPostgresRuns).each([...new Set([14, own, 18])])('PostgreSQL %d', (version) => {
  let server: OtherPrograms
  let data = ''
  const asServer = async (command: string, args: readonly string[]): Promise<string> => {
    const account = (await serverAccount()) ?? {}
    return (await run({ command, args, env: server.env, cwd: server.directory, ...account })).stdout
  }

  beforeAll(async () => {
    server = await programs(version)
    data = join(server.directory, 'data')
    const account = await serverAccount()
    await chmod(server.directory, 0o755)
    if (account) await chown(server.directory, account.uid, account.gid)
    await asServer(server.initdb, ['-D', data, '--no-sync', '--no-instructions'])
  })
  afterAll(async () => {
    await server.remove()
  })

  test('takes the settings of every machine, and as much shared memory as the budget has for it, or less', async () => {
    const tuned = await tune(machines.map((machine) => ({ ...machine, version })))
    for (const { settings, refused } of tuned) {
      expect(refused).toBeUndefined()
      const file = join(server.directory, 'postgresql.conf')
      const { total: _total, ...rest } = Object.fromEntries(settings ?? [])
      // The build of 18 that npm has was made without lz4, unlike Debian's and the PostgreSQL project's.
      if (version === 18) rest.wal_compression = 'on'
      await writeFile(
        file,
        Object.entries(rest)
          .map(([name, value]) => `${name} = ${value}\n`)
          .join(''),
      )
      const ask = (name: string) => asServer(server.postgres, ['-D', data, '-c', `config_file=${file}`, '-C', name])
      expect(Number(await ask('max_connections'))).toBe(Number(rest.max_connections))
      // 14 cannot say it without being started.
      if (version >= 15) expect(Number(await ask('shared_memory_size'))).toBeLessThanOrEqual(sharedMb(rest))
    }
  })
})

/** What docs/images.md says a server keeps beside its buffers. */
function sharedMb(settings: Readonly<Record<string, string>>): number {
  const number = (name: string) => Number(settings[name])
  const buffers = kilobytes(settings.shared_buffers)
  const processes =
    number('max_connections') +
    number('max_worker_processes') +
    number('max_wal_senders') +
    number('max_prepared_transactions') +
    8
  const own = processes * (26 + number('max_locks_per_transaction') * 0.44)
  return (buffers + buffers / 40 + Math.min(buffers / 32, 16 * 1024) + own + 16 * 1024) / 1024
}
