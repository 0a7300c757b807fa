import type { Replication } from '../../config/cluster.ts'
import type { Rehearsal, RehearsalPlan } from '../../config/rehearsals.ts'
import type { TimetableEntry } from '../../config/timetable.ts'
import type { ListedSet } from '../archive/catalogue.ts'
import type { FreshnessLimits } from '../runtime/freshness-verdicts.ts'
import type { History } from '../runtime/history/read-history.ts'
import type { LateDigests } from '../runtime/late-digests.ts'
import type { StoreListing } from '../runtime/list-stores.ts'
import type { LastRehearsal } from '../runtime/rehearsals/rehearsal-verdict.ts'
import type { OpenAlert } from './status-report.ts'

/** One store that could be listed, with the sets of one database. */
export interface DatabaseSets {
  name: string
  location: string
  isCopy: boolean
  sets: readonly ListedSet[]
}

/** Something that was read, or why it could not be. */
export type Learned<T> = { value: T } | { problem: string }

/** What the definition says of the cluster. */
export interface DefinedFacts {
  timetable: readonly TimetableEntry[]
  /** Databases that are to be backed up. */
  databases: readonly string[]
  expectedStandbys: number
  replicationLimits: Pick<Replication, 'maxLagBytes' | 'maxLagTimeSeconds'>
  /** How long a run of an operation may take before the next one is missed. */
  longestRunSeconds: number
  /** What people are asked to rehearse. */
  rehearsals: readonly RehearsalPlan[]
}

/** Everything that a report is made from. */
export interface StatusFacts {
  cluster: string
  title: string
  environment?: string
  timeZone: string
  asOfMs: number
  renewByMs?: number
  /** The first is where backups go. */
  listings: readonly StoreListing[]
  /** Only these, where it is given. */
  database?: string
  defined?: DefinedFacts
  freshness: FreshnessLimits
  /** By database: which tables were not compared by digest for too long. */
  digests?: ReadonlyMap<string, LateDigests>
  history: Learned<History>
  historyDays: number
  /** Absent where no alerts are sent. */
  openAlerts?: Learned<readonly OpenAlert[]>
  /** The newest record of each; absent where nothing is asked for. */
  rehearsals?: Learned<ReadonlyMap<Rehearsal, LastRehearsal>>
}
