import { kilobytes, type TunedMachine } from './tuner.ts'

/** Ranges as `pg_settings` of PostgreSQL 14 to 18 has them; sizes in kilobytes. */
const ranges: Readonly<Record<string, readonly [least: number, most: number]>> = {
  max_connections: [1, 262_143],
  shared_buffers: [128, 8 * 1_073_741_823],
  effective_cache_size: [8, 8 * 2_147_483_647],
  maintenance_work_mem: [1024, 2_147_483_647],
  autovacuum_work_mem: [64, 2_147_483_647],
  work_mem: [64, 2_147_483_647],
  hash_mem_multiplier: [1, 1000],
  autovacuum_max_workers: [1, 16],
  max_worker_processes: [0, 262_143],
  max_parallel_workers: [0, 1024],
  max_parallel_workers_per_gather: [0, 1024],
  max_parallel_maintenance_workers: [0, 1024],
  max_wal_senders: [0, 262_143],
  max_replication_slots: [0, 262_143],
  max_prepared_transactions: [0, 262_143],
  max_locks_per_transaction: [10, 2_147_483_647],
  max_wal_size: [32 * 1024, 2_147_483_647 * 1024],
  min_wal_size: [32 * 1024, 2_147_483_647 * 1024],
  max_slot_wal_keep_size: [0, 2_147_483_647 * 1024],
  wal_keep_size: [0, 2_147_483_647 * 1024],
  checkpoint_completion_target: [0, 1],
  random_page_cost: [0, Number.MAX_VALUE],
  effective_io_concurrency: [0, 1000],
  default_statistics_target: [1, 10_000],
  io_workers: [1, 32],
}

const words: Readonly<Record<string, readonly string[]>> = {
  huge_pages: ['try', 'on', 'off'],
  jit: ['on', 'off'],
  wal_compression: ['on', 'lz4'],
  checkpoint_timeout: ['15min'],
}

/** What is wrong with settings: a value out of range, a name that the version does not know, a standby below its primary. */
export function settingProblems(machine: TunedMachine, settings: ReadonlyMap<string, string>): string[] {
  const problems: string[] = []
  for (const [name, text] of settings) {
    if (name === 'total') continue
    const range = ranges[name]
    if (range === undefined) {
      if (words[name]?.includes(text) !== true) problems.push(`${name} = ${text} is unknown`)
      continue
    }
    const value = /[kMG]B$/.test(text) ? kilobytes(text) : Number(text)
    if (!(value >= range[0] && value <= range[1])) problems.push(`${name} = ${text} is out of range`)
  }
  const number = (name: string) => Number(settings.get(name))
  const size = (name: string) => kilobytes(settings.get(name))
  if (machine.version < 15 && settings.get('wal_compression') !== 'on') problems.push('wal_compression has no lz4 before 15')
  if (machine.version < 18 && settings.has('io_workers')) problems.push('io_workers came with 18')
  if (number('max_parallel_workers_per_gather') > number('max_parallel_workers')) problems.push('more workers than there are')
  if (number('max_wal_senders') + 3 >= 262_143) problems.push('no room for sessions')
  if (size('min_wal_size') > size('max_wal_size')) problems.push('min_wal_size over max_wal_size')
  const wal = size('max_wal_size') + size('max_slot_wal_keep_size') + size('wal_keep_size')
  if (wal > (machine.diskMb * 1024) / 2) problems.push('WAL may take half of the disk')
  for (const [name, least] of Object.entries(machine.atLeast ?? {})) {
    if (number(name) < least) problems.push(`${name} = ${settings.get(name)}, and the primary has ${least}`)
  }
  return problems
}
