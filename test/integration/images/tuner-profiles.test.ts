import { expect, test } from 'vitest'
import { kilobytes, type TunedMachine, tune } from '../../support/tuner.ts'

const gib = 1024 * 1024
const common = { diskMb: 80_000, version: 17, connections: 0, clients: 1000, slotWalMb: 3814, keepWalMb: 488 }

/** What the tools themselves advise: memory in GB, CPUs, workload, and then their answers in kilobytes. */
const pgtune = [
  [1, 1, 'web', 256 * 1024, 64 * 1024, 7864, 4096, 'off'],
  [4, 2, 'web', 1024 * 1024, 256 * 1024, 16 * 1024, 5041, 'off'],
  [8, 4, 'oltp', 2048 * 1024, 512 * 1024, 16 * 1024, 6898, 'try'],
  [64, 16, 'warehouse', 16 * gib, 8 * gib, 16 * 1024, 149_796, 'try'],
] as const

const timescaledb = [
  [4, 2, '50', 32 * 1024],
  [8, 4, '100', 16 * 1024],
] as const

test('the profile pgtune says what pgtune says', async () => {
  const machines = pgtune.map(
    ([memory, cpus, workload]): TunedMachine => ({ ...common, profile: 'pgtune', memoryKb: memory * gib, cpus, workload }),
  )
  const answers = (await tune(machines)).map((tuned) => {
    if (tuned.refused !== undefined) throw new Error(tuned.refused)
    const of = (name: string) => tuned.settings.get(name)
    const sizes = ['shared_buffers', 'maintenance_work_mem', 'wal_buffers', 'work_mem'].map((name) => kilobytes(of(name)))
    return [...sizes, of('huge_pages')]
  })
  expect(answers).toEqual(pgtune.map(([, , , ...answer]) => answer))
})

test('the profile timescaledb says what timescaledb-tune says', async () => {
  const machines = timescaledb.map(
    ([memory, cpus]): TunedMachine => ({ ...common, profile: 'timescaledb', memoryKb: memory * gib, cpus, workload: 'web' }),
  )
  const answers = (await tune(machines)).map((tuned) => {
    if (tuned.refused !== undefined) throw new Error(tuned.refused)
    return [tuned.settings.get('max_connections'), kilobytes(tuned.settings.get('work_mem'))]
  })
  expect(answers).toEqual(timescaledb.map(([, , ...answer]) => answer))
})
