import { setTimeout as sleep } from 'node:timers/promises'
import { toFailure } from '../../functions/platform/failure.ts'
import { askPoolerConsole } from '../../functions/platform/postgres/pooler-console.ts'
import { openSession } from '../../functions/platform/postgres/session.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import { poolFacts } from '../../functions/replication/pool-verdict.ts'
import { definedPrimary } from '../sites/site.ts'
import { type Drill, type DrillScene, drillConnection } from './drill.ts'
import { monitorOf } from './drill-load.ts'

/** How long each client keeps its server connection. */
const holdSeconds = 2
/** Clients beyond what the pool and its reserve have. */
const clientsBeyond = 20
const sampleMs = 200
const applicationName = 'ballast rehearse'

/** More clients than connections: the rest wait their turn, and none fails or waits beyond the limit; then nobody waits. */
export const poolExhaustion: Drill = {
  name: 'pool-exhaustion',
  changes: 'load',
  withinSeconds: 180,
  obstacle: () => undefined,
  async run(scene) {
    const { site, record, signal } = scene
    const { pgbouncer, replication, databases } = site.cluster
    const pool = databases[0]?.pool ?? { size: 0, reserve: 0 }
    const clients = pool.size + pool.reserve + clientsBeyond
    const settings = await drillConnection(scene, definedPrimary(site), 'pooler')
    // A client that waits for its turn has not logged in yet.
    const patient = { ...settings, connectTimeoutSeconds: pgbouncer.queryWaitSeconds + 10 }
    const watch = startWatch(scene, await monitorOf(site, 'pooler'))
    record.event('loadStarted', `${clients} clients, each for ${holdSeconds} s`)
    const ends = await Promise.all(Array.from({ length: clients }, () => useOnce(patient, holdSeconds, signal)))
    record.event('loadEnded')
    const samples = await watch.stop()
    signal.throwIfAborted()
    const recovered = await useOnce(settings, 0, signal)
    signal.throwIfAborted()
    record.event('poolRecovered')

    const waits = ends.map(({ seconds }) => Math.max(0, seconds - holdSeconds))
    const errors = [...ends, recovered].flatMap(({ error }) => error ?? [])
    for (const error of new Set(errors)) record.finding(`A client failed: ${error}`)
    const none = { is: 'exactly', value: 0, from: 'drill' } as const
    record.measure('clients', { value: clients, unit: 'count' })
    record.measure('poolSize', { value: pool.size + pool.reserve, unit: 'count' })
    record.measure('clientsWaiting', {
      ...{ value: Math.max(0, ...samples.map(({ waiting }) => waiting)), unit: 'count', samples: samples.length },
      limit: { is: 'at least', value: 1, from: 'drill' },
    })
    record.measure('clientErrors', { value: errors.length, unit: 'count', samples: clients, limit: none })
    record.measure('longestWait', {
      ...{ value: Math.max(...waits), unit: 's', samples: clients },
      limit: { is: 'at most', value: pgbouncer.queryWaitSeconds, from: 'pgbouncer.queryWait' },
    })
    record.measure('waitAfterwards', {
      ...{ value: recovered.seconds, unit: 's' },
      limit: { is: 'at most', value: replication.maxPoolWaitSeconds, from: 'replication.maxPoolWait' },
    })
    record.table(
      'poolSamples',
      ['seconds', 'clientsActive', 'clientsWaiting', 'longestWait'],
      samples.map(({ atSeconds, active, waiting, longest }) => [atSeconds, active, waiting, longest]),
    )
  },
}

/** One client that logs in, holds its connection and goes. */
async function useOnce(
  settings: ConnectionSettings,
  seconds: number,
  signal: AbortSignal,
): Promise<{ seconds: number; error?: string }> {
  const startedMs = performance.now()
  const took = (): number => (performance.now() - startedMs) / 1000
  try {
    const session = await openSession(settings, { applicationName, signal })
    try {
      await session.query(`SELECT pg_sleep(${seconds})`)
      return { seconds: took() }
    } finally {
      await session.close()
    }
  } catch (error) {
    return { seconds: took(), error: toFailure(error, 'client').message }
  }
}

interface PoolSample {
  atSeconds: number
  active: number
  waiting: number
  longest: number
}

/** Looks at the drills' own pool again and again. A console that does not answer is a finding. */
function startWatch({ login, record, signal }: DrillScene, console: ConnectionSettings): { stop(): Promise<PoolSample[]> } {
  const samples: PoolSample[] = []
  const stopped = new AbortController()
  const end = AbortSignal.any([signal, stopped.signal])
  const startedMs = performance.now()
  const watching = (async () => {
    while (!end.aborted) {
      const rows = await askPoolerConsole(console, 'SHOW POOLS', { applicationName, signal })
      const pool = rows.map(poolFacts).find(({ user, database }) => user === login.user && database === login.database)
      const atSeconds = Math.round((performance.now() - startedMs) / 100) / 10
      if (pool !== undefined) {
        const { activeClients: active, waitingClients: waiting, waitSeconds: longest } = pool
        if (waiting > 0 && samples.every((sample) => sample.waiting === 0)) record.event('clientsWaiting', String(waiting))
        samples.push({ atSeconds, active, waiting, longest })
      }
      await sleep(sampleMs, undefined, { signal: end }).catch(() => undefined)
    }
  })()
  const watched = watching.catch((error: unknown) => {
    if (!signal.aborted) record.finding(`The console of PgBouncer did not answer: ${toFailure(error, 'console').message}`)
  })
  return {
    stop: async () => {
      stopped.abort()
      await watched
      return samples
    },
  }
}
