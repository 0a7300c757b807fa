import type { Rehearsal } from '../../../config/rehearsals.ts'
import type { DigestShare } from '../../archive/digest-share.ts'
import type { ConcernCode, CopyStatus, DayState, RehearsalStatus, StatusVerdict } from '../status-report.ts'

/** Everything that a page says, in one language. */
export interface Texts {
  /** Name of the language, in itself. */
  languageName: string
  pageTitle: string
  otherLanguages: string
  environment: Record<'production' | 'staging', string>
  verdict: Record<StatusVerdict, string>
  verdictDetail: Record<StatusVerdict, string>
  asOf: string
  renewBy: string
  /** Holds `{age}`. */
  age: string
  stale: string
  concerns: string
  concernStatus: Record<'fail' | 'warn' | 'unknown', string>
  concern: Record<ConcernCode, (subject: string) => string>
  noBackup: (subject: string) => string
  detail: string
  databases: string
  database: string
  situation: string
  databaseVerdict: Record<StatusVerdict, string>
  lastBackup: string
  size: string
  rows: string
  verification: string
  copies: string
  nextBackup: string
  ago: (age: string) => string
  none: string
  never: string
  ofData: (bytes: string) => string
  inTables: (count: number, shown: string) => string
  evidence: Record<'equal' | 'different', string>
  /** Of a verification that compared the rows of some tables alone. */
  sampled: (share: DigestShare) => string
  copiesOf: (held: number, all: number) => string
  copyState: Record<Exclude<CopyStatus['state'], 'held'>, (store: string) => string>
  replication: string
  lagNow: string
  lagLimit: string
  standbys: string
  pausedForBackup: string
  lastPoll: string
  unknown: string
  behindBy: string
  last24Hours: string
  lastDays: (days: number) => string
  worstLag: (bytes: string, when: string) => string
  clipped: string
  noLagData: string
  lagChart: (worst: string) => string
  dayChart: (worst: string) => string
  nowLabel: string
  todayLabel: string
  runs: (days: number) => string
  runsNote: string
  operation: string
  days: (days: number) => string
  success: string
  lastRun: string
  nextRun: string
  operations: Readonly<Record<string, string>>
  result: Record<'good' | 'bad' | 'failed', string>
  goodOf: (good: string, all: string) => string
  noRuns: string
  notScheduled: string
  dayState: Record<DayState, string>
  stripLabel: (name: string, success: string, without: number) => string
  worstDays: (list: string) => string
  rehearsals: string
  rehearsalsNote: string
  rehearsal: Record<Rehearsal, string>
  exercise: string
  rehearsalState: Record<RehearsalStatus['state'], string>
  lastDone: string
  dueFrom: string
  stores: string
  store: string
  location: string
  sets: string
  stored: string
  setsNote: string
  openAlerts: string
  noAlerts: string
  alertsUnknown: string
  since: (when: string) => string
  timesNote: (timeZone: string) => string
  verificationNote: string
  /** Where not every verification compares all rows. */
  samplingNote: string
  madeBy: string
}
