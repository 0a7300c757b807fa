import fc from 'fast-check'
import { expect, test } from 'vitest'
import { settingProblems } from '../../support/setting-problems.ts'
import { kilobytes, type TunedMachine, tune } from '../../support/tuner.ts'

const count = 10_000
const mib = 1024

/** Whole numbers spread over the powers of two, as machines are. */
function between(least: number, most: number): fc.Arbitrary<number> {
  const share = fc.noBias(fc.integer({ min: 0, max: 1_000_000 }))
  return share.map((part) => Math.round(least * (most / least) ** (part / 1_000_000)))
}

const machine: fc.Arbitrary<TunedMachine> = fc.record({
  profile: fc.constant('ballast' as const),
  memoryKb: between(400 * mib, 1024 * 1024 * mib),
  cpus: between(1, 256),
  diskMb: between(4_000, 20_000_000),
  version: fc.constantFrom(14, 15, 16, 17, 18),
  workload: fc.constantFrom('web', 'oltp', 'mixed', 'warehouse'),
  connections: between(20, 5_000),
  clients: between(10, 100_000),
  slotWalMb: between(64, 1_000_000),
  keepWalMb: between(1, 100_000),
  atLeast: fc.oneof(
    fc.constant({}),
    fc.record({
      max_connections: between(20, 2_000),
      max_worker_processes: between(1, 300),
      max_wal_senders: between(1, 100),
      max_prepared_transactions: between(1, 100),
      max_locks_per_transaction: between(10, 1024),
    }),
  ),
})

const machines = fc.sample(machine, { numRuns: count, seed: 20_261_126 })

/** Kilobytes that a server with these settings takes at its fullest, beside PgBouncer, the exporters and the system. */
function spentKb({ memoryKb, clients }: TunedMachine, settings: ReadonlyMap<string, string>): number {
  const number = (name: string) => Number(settings.get(name))
  const size = (name: string) => kilobytes(settings.get(name))
  const sessions = number('max_connections')
  const locks =
    number('max_locks_per_transaction') * (sessions + number('max_prepared_transactions') + number('max_worker_processes'))
  const shared = size('shared_buffers') * 1.025 + locks * 0.4
  const work = (sessions * size('work_mem') * number('hash_mem_multiplier')) / 4
  const upkeep = number('autovacuum_max_workers') * size('autovacuum_work_mem') + size('maintenance_work_mem')
  const beside = 48 * mib + clients * 8
  return shared + work + upkeep + sessions * mib + beside + memoryKb * 0.15
}

test(`${count} machines: none is promised more memory than it has, and every setting is one that PostgreSQL takes`, async () => {
  const tuned = await tune(machines)
  const answered = machines.flatMap((machine, index) => {
    const settings = tuned[index]?.settings
    return settings === undefined ? [] : [{ machine, settings }]
  })
  expect(answered.filter(({ machine, settings }) => spentKb(machine, settings) > machine.memoryKb)).toEqual([])
  const invalid = answered.flatMap(({ machine, settings }) =>
    settingProblems(machine, settings).map((problem) => ({ problem, machine })),
  )
  expect(invalid).toEqual([])
  // What is refused is what cannot work: a session takes a megabyte before it does anything.
  const roomy = machines.filter(({ memoryKb, connections, clients, atLeast }) => {
    const sessions = Math.max(connections, atLeast?.max_connections ?? 0)
    const locks = (atLeast?.max_locks_per_transaction ?? 64) * (sessions + 400)
    return memoryKb * 0.7 > 256 * mib + sessions * 1.2 * mib + clients * 8 + locks
  })
  expect(roomy.filter((machine) => tuned[machines.indexOf(machine)]?.refused !== undefined)).toEqual([])
  expect(roomy.length).toBeGreaterThan(count / 3)
})

test('more memory never means a refusal or smaller buffers', async () => {
  const small = machines.slice(0, 500)
  const [before, after] = [
    await tune(small),
    await tune(small.map((machine) => ({ ...machine, memoryKb: machine.memoryKb * 2 }))),
  ]
  const worse = before.filter((tuned, index) => {
    const more = after[index]
    if (tuned.refused !== undefined || more === undefined) return false
    return (
      more.refused !== undefined ||
      kilobytes(more.settings.get('shared_buffers')) < kilobytes(tuned.settings.get('shared_buffers'))
    )
  })
  expect(worse).toEqual([])
})
