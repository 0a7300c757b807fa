import type { Cluster } from '../../config/cluster.ts'
import { databaseGroups } from '../archive/database-groups.ts'
import { Failure } from '../platform/failure.ts'
import type { StoreChoice } from '../runtime/definition/defined-store.ts'
import type { FreshnessLimits } from '../runtime/freshness-verdicts.ts'
import { type DigestLook, type LateDigests, lateDigests } from '../runtime/late-digests.ts'
import { listStores, type StoreListing } from '../runtime/list-stores.ts'
import { definedFacts } from './defined-facts.ts'
import { learnHistory, learnOpenAlerts, learnRehearsals } from './read-state.ts'
import { statusReport } from './report.ts'
import type { StatusReport } from './status-report.ts'

/** Whose status is asked for, and where to look. */
export interface StatusQuestion {
  /** Without it only the stores say something. */
  definition: Cluster | undefined
  /** Name that the sets are kept under; where it is left out, the one that the store has sets of. */
  cluster: string | undefined
  database: string | undefined
  /** The first is where backups go. */
  stores: readonly [StoreChoice, ...StoreChoice[]]
  /** Keeps the history. */
  stateStore: StoreChoice
  /** Keeps the state of alerts; absent where there is nobody to tell. */
  alertStore?: StoreChoice
  /** Keeps the records of restore tests and drills; absent where none are asked for. */
  rehearsalStore?: StoreChoice
  freshness: FreshnessLimits
  /** When the next report is to be there; milliseconds since the epoch. */
  renewByMs?: number
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

const daySeconds = 86_400
const defaultHistoryDays = 90
/** As `ballast backup` calls it. */
const unnamedCluster = 'default'

/**
 * Looks at everything that says how a cluster is, and reports it. What cannot be learned is part of the report.
 *
 * @throws Failure of the first store where there is no definition, for then nothing at all is known; of kind `config` where
 * the store has several clusters and none is named.
 */
export async function learnStatus(question: StatusQuestion): Promise<StatusReport> {
  const { definition, database, stores, stateStore, alertStore, rehearsalStore, freshness, renewByMs, env, signal } = question
  const asOfMs = Date.now()
  const filter = { ...defined('cluster', question.cluster), ...defined('database', database) }
  const listings = await listStores(stores, filter, env, signal)
  const cluster = question.cluster ?? onlyCluster(listings)
  const historyDays = definition === undefined ? defaultHistoryDays : Math.round(definition.status.historySeconds / daySeconds)
  const window = { days: historyDays, nowMs: asOfMs }
  const [history, openAlerts, rehearsals] = await Promise.all([
    learnHistory(stateStore, cluster, window, env, signal),
    alertStore && learnOpenAlerts(alertStore, cluster, env, signal),
    rehearsalStore && learnRehearsals(rehearsalStore, cluster, asOfMs, env, signal),
  ])
  const look = freshness.everythingWithin && { within: freshness.everythingWithin, nowMs: asOfMs, env, signal }
  const digests = look && (await learnDigests(stores[0], listings[0], look))
  return statusReport({
    ...{ cluster, title: definition?.title ?? cluster, timeZone: definition?.timeZone ?? 'UTC' },
    ...(definition === undefined ? {} : { environment: definition.environment, defined: definedFacts(definition) }),
    ...{ asOfMs, listings, freshness, history, historyDays },
    ...defined('database', database),
    ...defined('renewByMs', renewByMs),
    ...defined('openAlerts', openAlerts),
    ...defined('rehearsals', rehearsals),
    ...defined('digests', digests),
  })
}

/** Of each database that the first store has sets of. */
async function learnDigests(
  choice: StoreChoice,
  listing: StoreListing | undefined,
  look: DigestLook,
): Promise<ReadonlyMap<string, LateDigests>> {
  const learned = new Map<string, LateDigests>()
  const sets = listing !== undefined && 'sets' in listing ? listing.sets : []
  for (const { database, items } of databaseGroups(sets, ({ address }) => address)) {
    const late = await lateDigests(choice, items, look)
    if (late !== undefined) learned.set(database, late)
  }
  return learned
}

/** The cluster that the first store has sets of. Where it has none, that is what there is to report. */
function onlyCluster([main]: readonly StoreListing[]): string {
  if (main === undefined || 'failure' in main) throw main?.failure ?? new Error('no store was listed')
  const [only, ...others] = new Set(main.sets.map(({ address }) => address.cluster))
  if (others.length === 0) return only ?? unnamedCluster
  throw new Failure('this store has backups of several clusters', {
    ...{ kind: 'config', subject: main.location },
    hint: `Name one with --cluster: ${[only, ...others].join(', ')}.`,
  })
}

function defined<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value })
}
