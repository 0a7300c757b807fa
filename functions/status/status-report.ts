import type { Rehearsal } from '../../config/rehearsals.ts'
import type { LatestEvidence } from '../archive/catalogue-evidence.ts'
import type { HistoryDay, HistorySeries } from '../runtime/history/series.ts'

/** `attention`: something is not well. `unknown`: nothing is known to be wrong, but something that matters is not known. */
export type StatusVerdict = 'well' | 'attention' | 'unknown'

/** What a concern is about; pages say each in their own language. */
export type ConcernCode =
  | 'backup'
  | 'verification'
  | 'size'
  | 'copies'
  | 'digests'
  | 'damage'
  | 'other'
  | 'replication'
  | 'run'
  | 'overdue'
  | 'alert'
  | 'unwatched'
  | 'store'
  | 'history'
  | 'alerts'
  | 'rehearsal-due'
  | 'rehearsal-failed'
  | 'rehearsals'

/** Something that is not well (`fail`, `warn`) or could not be learned (`unknown`). */
export interface Concern {
  code: ConcernCode
  status: 'fail' | 'warn' | 'unknown'
  /** `ledger`, `replication`, `s3://backups/pg`. */
  subject: string
  finding: string
  /** What to do. */
  fix: string
}

/** How one store holds the newest proven set of a database. `unproven`: it is there, and nobody found it equal to its source. */
export interface CopyStatus {
  store: string
  state: 'held' | 'unproven' | 'missing' | 'unknown'
}

/** One complete set, as the status shows it. */
export interface BackupStatus {
  set: string
  startedMs: number
  seconds: number
  storedBytes: number
  rawBytes: number
  rows: number
  tables: number
}

export interface DatabaseStatus {
  database: string
  /** By the checks of its backups. */
  verdict: StatusVerdict
  completeSets: number
  damagedSets: number
  lastBackup?: BackupStatus
  lastVerification?: LatestEvidence & { set: string }
  /** When the backup of the newest proven set began. */
  newestProvenMs?: number
  /** Of the newest proven set; empty as long as there is none. */
  copies: CopyStatus[]
  nextBackupMs?: number
}

/** `partial`: all runs were good, but many that were due are missing. `flawed`: few were not good. `none`: no data. */
export type DayState = 'good' | 'partial' | 'flawed' | 'bad' | 'none'

export interface UptimeDay extends HistoryDay {
  state: DayState
}

/** One operation of the timetable, or one slot of it. */
export interface OperationStatus {
  operation: string
  slot?: string
  /** Its schedule, as the definition says it. */
  schedule?: string
  last?: HistorySeries['last']
  lastGoodMs?: number
  nextMs?: number
  polls: number
  goodPolls: number
  daysWithoutData: number
  /** In UTC, oldest first, today last. */
  days: UptimeDay[]
}

export interface ReplicationStatus {
  /** As the definition has them; absent without one. */
  expectedStandbys?: number
  /** The last poll. Absent when there is none, or none that is young enough to say how it is now. */
  now?: HistorySeries['last']
  lastPollMs?: number
  maxLagBytes?: number
  maxLagSeconds?: number
  /** The last 24 hours, in quarters of an hour that had a poll. */
  quarters: HistorySeries['quarters']
  days: HistoryDay[]
}

/** A restore test or a drill, which people do. */
export interface RehearsalStatus {
  rehearsal: Rehearsal
  /** Its schedule, as the definition says it. */
  schedule: string
  /** `failed`: the last one did, and it is asked for at once. */
  state: 'well' | 'due' | 'overdue' | 'failed'
  /** Absent as long as nobody has done it. */
  last?: { atMs: number; result: 'passed' | 'failed'; by: string; note: string }
  /** From when on it is, or was, due. */
  dueMs: number
}

export interface StoreStatus {
  name: string
  location: string
  /** Absent when it could not be listed. */
  content?: { completeSets: number; storedBytes: number }
}

/** An alert that somebody was told of, and that has not ended. */
export interface OpenAlert {
  name: string
  subject: string
  severity: 'critical' | 'warning'
  summary: string
  sinceMs: number
}

/** How a cluster is. Times are milliseconds since the epoch. */
export interface StatusReport {
  format: 1
  cluster: string
  title: string
  environment?: string
  /** Of every time that people read. */
  timeZone: string
  asOfMs: number
  /** When the next report is due, with time for it to be made: one that is not renewed by then is stale. */
  renewByMs?: number
  verdict: StatusVerdict
  /** The worst first. */
  concerns: Concern[]
  databases: DatabaseStatus[]
  /** Absent where no standby is expected and none was ever looked at. */
  replication?: ReplicationStatus
  operations: OperationStatus[]
  /** Absent where the state of alerts is not known. */
  openAlerts?: OpenAlert[]
  /** Absent where none are asked for, or their records could not be read. */
  rehearsals?: RehearsalStatus[]
  stores: StoreStatus[]
  historyDays: number
}
