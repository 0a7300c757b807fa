import type { Drill } from '../../config/drills.ts'
import type { LoadProfile } from '../../config/load-profiles.ts'
import type { DigestShare } from '../../functions/archive/digest-share.ts'
import type { RunRecord, Verdict } from '../records/verdict.ts'
import type { GoalKey } from '../report/model/goals.ts'
import type { JudgedGoal, UnprovenReason } from '../report/model/judged-goals.ts'
import type { OverallVerdict } from '../report/model/report.ts'
import type { Risk } from '../report/model/risk.ts'
import type { NotRunReason } from '../report/model/tests.ts'

/** A name, and a sentence about it. */
export interface Described {
  name: string
  /** What a test asks, or what a number means. */
  text: string
}

/** Names of the sections, in the order of the report. */
export type SectionKey = 'verdict' | 'load' | 'failures' | 'backup' | 'exposure' | 'images' | 'untested' | 'risks' | 'signOff'

/** The parts of each section. */
interface SectionTexts {
  sections: Record<SectionKey, string>
  contents: string
  otherLanguages: string
  cover: Record<'kind' | 'client' | 'cluster' | 'definition' | 'commit' | 'date' | 'version' | 'ranOn', string>
  coverNote: string
  noClient: string
  noCommit: string
  noRecords: string
  page: string
  pageOf: string
}

/** What a result is called. */
interface VerdictTexts {
  overall: Record<OverallVerdict, string>
  /** Said below it. */
  overallText: Record<OverallVerdict, string>
  counts: (drills: { passed: number; required: number }, goals: { passed: number; all: number }) => string
  failedNames: (names: string) => string
  missingNames: (names: string) => string
  state: Record<Verdict | JudgedGoal['state'], string>
  on: Record<RunRecord['on'], string>
  environment: Record<'production' | 'staging', string>
  reason: Record<NotRunReason, string>
  unproven: Record<UnprovenReason, string>
  /** How a date is given to a reason: the reason, then when. */
  dated: (text: string, when: string) => string
  optional: string
  /** Which of several measurements a goal is judged by. */
  worst: (measurement: string) => string
}

/** Headings and words of the tables. */
interface TableTexts {
  columns: Record<
    | ('goal' | 'target' | 'measured' | 'margin' | 'sample' | 'result' | 'test' | 'when' | 'where' | 'note')
    | ('measurement' | 'limit' | 'previous' | 'current' | 'change' | 'risk')
    | ('scenario' | 'service' | 'requests' | 'failed' | 'dropped' | 'checks' | 'median' | 'p95' | 'p99' | 'longest')
    | ('through' | 'protocol' | 'clients' | 'rate' | 'transactions' | 'late' | 'skipped' | 'latency' | 'time')
    | ('waiting' | 'longestWait' | 'lag' | 'processor' | 'generator')
    | ('image' | 'role' | 'bakedAt' | 'size' | 'packages' | 'tests' | 'bom')
    | ('database' | 'newestBackup' | 'proof' | 'name' | 'signature' | 'date'),
    string
  >
  atMost: (value: string) => string
  atLeast: (value: string) => string
  exactly: (value: string) => string
  limitFrom: (path: string) => string
  ownLimit: string
  noLimit: string
  failedOf: (failed: string, all: string) => string
}

/** Words of the sections about tests. */
interface TestTexts {
  profiles: Record<LoadProfile, Described>
  drills: Record<Drill, Described>
  goals: Record<GoalKey, string>
  /** Of a record: when it ran, on what, for how long. */
  ran: (when: string, where: string, duration: string) => string
  /** Of a load: its highest rate, how long that was held, how long all of it took, and its virtual users. */
  plan: (plan: { rate: string | undefined; plateau: string | undefined; duration: string; users: string }) => string
  expected: string
  timeline: string
  timelineText: (events: number, duration: string) => string
  start: string
  end: string
  measurements: string
  findings: string
  notRestored: string
  scenarios: string
  pgbench: string
  pgbenchThrough: Record<'pooler' | 'direct', string>
  charts: Record<'latency' | 'throughput' | 'waiting' | 'longestWait' | 'lag' | 'connections' | 'processor', string>
  lines: Record<
    | (
        | 'p50'
        | 'p95'
        | 'p99'
        | 'requests'
        | 'failed'
        | 'waitingClients'
        | 'longestWait'
        | 'lag'
        | 'clients'
        | 'servers'
        | 'database'
      )
    | ('machine' | 'generator' | 'plannedRate' | 'goalP95'),
    string
  >
  /** `p95: 12 to 80 ms, 95 ms at the end`. */
  lineText: (name: string, least: string, most: string) => string
  notSampled: (names: string) => string
  numbers: string
  numbersNote: string
  generatorHealth: string
  generatorText: Record<'dropped' | 'peak' | 'tools', string>
  generatorNote: string
  comparison: string
  comparisonWith: (when: string, where: string) => string
  otherDefinition: string
  noPrevious: string
  notRunHere: (names: string) => string
  /** Of a drill that ran: what it could not show. */
  uncovered: string
  attempt: (when: string, state: string) => string
  evidence: string
}

/** Words of the other sections. */
interface OtherTexts {
  storedNotAsked: string
  storedNone: string
  storedCaption: string
  neverProven: string
  proof: Record<'equal' | 'different', string>
  /** Of a verification that compared the rows of some tables alone. */
  sampledProof: (share: DigestShare) => string
  setOf: (rows: string, tables: string, bytes: string) => string
  noImages: string
  imagesCaption: string
  imageTests: (passed: string) => string
  imageFailed: (failed: string) => string
  imageUntested: string
  imageOutdated: string
  noSbom: string
  sbom: (format: string, components: string, licences: string, without: string) => string
  bakedFrom: (base: string, tools: string) => string
  digest: string
  everythingTested: string
  /** Of a test that ran, and could not show all. */
  inPart: string
  noRisks: string
  risk: RiskTexts
  signOffText: string
  decisions: Record<'accepted' | 'acceptedWithRisks' | 'refused', string>
  decision: string
  noApprovers: string
  methodNote: string
  madeBy: (version: string) => string
  timesNote: (timeZone: string) => string
}

/** A sentence for each risk; what it is about is named in the reader's language already. */
export type RiskTexts = {
  [K in Risk['key']]: K extends 'sandbox'
    ? (tests: number, of: number) => string
    : K extends 'uncommitted'
      ? (tests: number) => string
      : (subject: string) => string
}

/** Everything that a report says beside what its records hold, in one language. */
export interface Texts extends SectionTexts, VerdictTexts, TableTexts, TestTexts, OtherTexts {
  /** Name of the language, in itself. */
  languageName: string
}
