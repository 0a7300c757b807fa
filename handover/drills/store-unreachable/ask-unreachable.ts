import { storedFreshness } from '../../../functions/freshness/stored-freshness.ts'
import { type Failure, toFailure } from '../../../functions/platform/failure.ts'
import type { SiteStore } from '../../sites/site.ts'
import type { DrillScene } from '../drill.ts'
import { backUpNow, setsOf } from '../drill-sets.ts'

/** What became of one operation while the store was away. */
export interface StoreAnswer {
  operation: 'backupMidway' | 'backup' | 'list' | 'freshness'
  /** Absent where it went well, which it must not. */
  failure?: Failure
  seconds: number
}

/** Starts everything that needs the store while it is away, side by side, and takes down what each says. */
export async function askUnreachable(scene: DrillScene, { settings }: SiteStore): Promise<StoreAnswer[]> {
  const { site, record, signal } = scene
  const { cluster, env } = site
  const freshness = {
    ...{ stores: [{ settings }], filter: { cluster: cluster.name }, databases: [], env, signal },
    limits: cluster.freshness,
  }
  const answers = await Promise.all([
    answerOf('backup', () => backUpNow(scene, settings)),
    answerOf('list', () => setsOf(scene, settings)),
    answerOf('freshness', () => storedFreshness(freshness)),
  ])
  signal.throwIfAborted()
  for (const { operation, failure } of answers) if (failure !== undefined) record.event('operationRefused', operation)
  return answers
}

/** Runs an operation that must fail, and says how. */
export async function answerOf(operation: StoreAnswer['operation'], work: () => Promise<unknown>): Promise<StoreAnswer> {
  const startedMs = performance.now()
  const seconds = (): number => (performance.now() - startedMs) / 1000
  try {
    await work()
    return { operation, seconds: seconds() }
  } catch (error) {
    return { operation, failure: toFailure(error, operation), seconds: seconds() }
  }
}
