import { fanOutWorkers } from '../../../config/fan-out.ts'
import { planWork, taskBytes } from '../fan-out/batches.ts'
import type { PlannedTask } from '../plan.ts'
import { costOf, type RunCosts } from './costs.ts'
import { functionSeconds } from './holding.ts'
import { type PlannedLimit, plannedLimits, type SourceLimits } from './limits.ts'
import type { PriceTable } from './prices.ts'
import type { ScaleRates } from './rates.ts'
import { type SimulatedRun, simulateRun } from './simulate-run.ts'
import { blockBytes, type PlannedSize, sizedTables } from './sized-tables.ts'
import { loadOf, type SourceLoad } from './source-load.ts'

/** What is asked of a plan. */
export interface ScaleQuestion {
  size: PlannedSize
  /** `backup.fanOut.connections`. */
  connections: number
  holderSeconds: number
  rates: ScaleRates
  /** Of one function. */
  memoryBytes: number
  /** That the source writes while it is backed up, where it is known. */
  walBytesPerSecond?: number
  limits: SourceLimits
  prices: PriceTable
}

/** What a run waits for most. */
export type Bound = 'workers' | 'store' | 'calls' | 'one call' | 'schema'

/** A fanned-out backup that was not made. */
export interface PlanOfScale {
  units: number
  batches: number
  workers: number
  largestTableBytes: number
  run: SimulatedRun
  bound: Bound
  costs: RunCosts
  load: SourceLoad
  limits: PlannedLimit[]
}

/** Plans a run as its own steps would, and simulates it. */
export function planOfScale({ size, connections, ...question }: ScaleQuestion): PlanOfScale {
  const { rates, holderSeconds, memoryBytes, walBytesPerSecond, limits, prices } = question
  const tables = sizedTables(size)
  const workers = fanOutWorkers({ fanOut: { connections } })
  const { tasks, batches } = planWork(tables, blockBytes, { workers, callSeconds: functionSeconds })
  const bytesOf = taskBytes(tables, blockBytes)
  const storedOf = (task: PlannedTask): number => bytesOf(task) * rates.storedShare
  const run = simulateRun({ tasks, batches, bytesOf, storedOf, tables: tables.length, workers, holderSeconds }, rates)
  const load = loadOf(
    { connections, bytes: size.bytes, tables: tables.length, tasks, workers, ...(walBytesPerSecond && { walBytesPerSecond }) },
    run,
  )
  const largestUnitBytes = tasks.reduce((most, task) => Math.max(most, storedOf(task)), 0)
  return {
    units: tasks.filter(({ type }) => type === 'unit').length,
    ...{ batches: batches.length, workers, run, bound: boundOf(run), load },
    largestTableBytes: tables.reduce((most, { heapBytes }) => Math.max(most, heapBytes), 0),
    costs: costOf(run, memoryBytes, prices),
    limits: plannedLimits(run, load, largestUnitBytes, limits),
  }
}

/** Of the copying, the share after which what is not the copying itself is said to be what takes the time. */
const [idleShare, waitShare, overheadShare] = [0.2, 0.2, 0.5]

function boundOf({ secondsByPhase, describeSeconds, allBusySeconds, workerSeconds, longestCall }: SimulatedRun): Bound {
  const { calls, waits, overhead } = workerSeconds
  if (describeSeconds >= secondsByPhase.copy) return 'schema'
  if (allBusySeconds < secondsByPhase.copy * (1 - idleShare) && longestCall.seconds > secondsByPhase.copy / 2) return 'one call'
  if (overhead > calls * overheadShare) return 'calls'
  return waits > calls * waitShare ? 'store' : 'workers'
}
