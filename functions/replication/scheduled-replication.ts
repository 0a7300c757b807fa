import { type Check, warn } from '../platform/check.ts'
import { toFailure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import type { Outcome } from '../platform/outcome.ts'
import { withFreshSecrets } from '../platform/secrets/fresh-secrets.ts'
import { forgetManagedSecrets } from '../platform/secrets/secrets-manager.ts'
import { firstStore } from '../runtime/definition/defined-stores.ts'
import type { ScheduledRun, ScheduledWork } from '../runtime/scheduled.ts'
import { withStore } from '../runtime/with-store.ts'
import { expectedCluster } from './expected.ts'
import { type KeptMemory, keepMemory, readMemory } from './kept-memory.ts'
import { monitorConnections } from './monitor-connections.ts'
import type { PauseNews } from './pause-news.ts'
import { pollReplication } from './poll.ts'
import { pollPools } from './poll-pools.ts'
import { replicationOutcome } from './replication-outcome.ts'
import { tendPause } from './tend-pause.ts'

/**
 * Polls every server and pooler, with what the poll before left in the first store. It needs no lease: it only looks, and resumes
 * replay that a run has left paused, which may be done twice. Where one does not let the monitor in and the password came from memory,
 * it may have been rotated: it is looked up again, once.
 */
export const scheduledReplication: ScheduledWork = async (run) => {
  const begunMs = Date.now()
  const outcome = await withFreshSecrets(() => poll(run))
  const { checks } = outcome.details
  // What is told at once would not be found again.
  const mayAskAgain = !checks.some(({ immediate }) => immediate)
  const mayBeRotated = checks.some(({ name, status }) => status === 'fail' && reached.has(name))
  return mayAskAgain && mayBeRotated && forgetManagedSecrets(begunMs) ? await poll(run) : outcome
}

/** Checks that say whether the monitor was let in. */
const reached: ReadonlySet<string> = new Set(['server', 'pooler'])

async function poll(run: ScheduledRun): Promise<Outcome & { details: { checks: Check[] } }> {
  const { cluster, env, signal } = run
  const servers = await monitorConnections(cluster, 'server', env)
  const poolers = await monitorConnections(cluster, 'pooler', env)
  return await withStore(await firstStore(cluster, env), async (store) => {
    const problems: Check[] = []
    const earlier = await orProblem(problems, store, () => readMemory(store, cluster.name, signal))
    const nowMs = Date.now()
    const watch = { store, cluster: cluster.name, signal, limits: cluster.backup.limits, connections: servers }
    const polled = await pollReplication(expectedCluster(cluster), servers, earlier?.memory, signal, (answers) =>
      tendPause(watch, answers, nowMs).catch((error: unknown) => unreadable(error, store)),
    )
    if (earlier !== undefined) await orProblem(problems, store, () => keep(store, run, polled.memory, earlier))
    const pools = await pollPools(poolers, cluster.replication, signal)
    return replicationOutcome('replication', cluster.name, { ...polled, checks: [...polled.checks, ...pools, ...problems] })
  })
}

function unreadable(error: unknown, { location }: ObjectStore): PauseNews {
  const { kind, message } = toFailure(error, location)
  if (kind === 'bug') throw error
  return { is: 'unreadable', problem: message }
}

async function keep(
  store: ObjectStore,
  { cluster, signal }: ScheduledRun,
  memory: Parameters<typeof keepMemory>[2],
  earlier: KeptMemory,
): Promise<void> {
  await keepMemory(store, cluster.name, memory, earlier, signal)
}

/** Servers are judged also while the store is away, as far as one poll alone can see. */
async function orProblem<T>(problems: Check[], { location }: ObjectStore, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (thrown) {
    const { message, hint } = toFailure(thrown, location)
    problems.push({ subject: location, ...warn('memory of polls', message, hint) })
    return undefined
  }
}
