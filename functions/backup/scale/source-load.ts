import type { PlannedTask } from '../plan.ts'
import type { SimulatedRun } from './simulate-run.ts'

/** What a run asks of its source. */
export interface SourceLoad {
  /** At the same time, at most. */
  connections: number
  readBytesPerSecond: number
  /** Age of the snapshot at its end, which vacuum waits for. */
  snapshotSeconds: number
  /** WAL that is written meanwhile, where it is said how much there is. */
  walBytes?: number
  /** Entries of the lock table at the same time, at most: every table for two holders and for pg_dump, those of its unit for each worker. */
  locks: number
}

const lockersOfAll = 3

export interface LoadedSource {
  /** The budget, of which the workers are a part. */
  connections: number
  bytes: number
  tables: number
  tasks: readonly PlannedTask[]
  workers: number
  walBytesPerSecond?: number
}

export function loadOf(
  { connections, bytes, tables, tasks, workers, walBytesPerSecond }: LoadedSource,
  run: SimulatedRun,
): SourceLoad {
  const tablesOfTask = tasks.reduce((most, { chunks }) => Math.max(most, chunks.length), 0)
  return {
    connections,
    readBytesPerSecond: bytes / run.secondsByPhase.copy,
    snapshotSeconds: run.heldSeconds,
    ...(walBytesPerSecond === undefined ? {} : { walBytes: walBytesPerSecond * run.heldSeconds }),
    locks: tables * lockersOfAll + workers * Math.min(tables, tablesOfTask),
  }
}
