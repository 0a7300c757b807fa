/** The format of the summary that k6 writes at its end. */
export const summaryFormat = 1

/**
 * What a threshold is about. `p95`, `p99`, `success`, `lost`, `dropped` and `websockets` judge the application, `neighbourDown`
 * and `neighbourAnswers` whether its neighbour was down; `requests`, `judgedAnswers` and `rightAnswers` whether there was enough
 * to judge by.
 */
export type ThresholdKey =
  | 'p95'
  | 'p99'
  | 'success'
  | 'lost'
  | 'dropped'
  | 'websockets'
  | 'requests'
  | 'rightAnswers'
  | 'judgedAnswers'
  | 'neighbourDown'
  | 'neighbourAnswers'

/** One threshold, as k6 judged it. */
export interface ThresholdResult {
  key: ThresholdKey
  /** Name of the scenario's part. */
  scenario: string
  target: string
  is: 'at most' | 'at least'
  /** `p95`, `p99`: milliseconds; `success`, `lost`: percent; all others: a count. */
  limit: number
  /** In the limit's unit. */
  value: number
  /** How many observations the value comes from. */
  samples: number
  /** As k6 says; with no samples k6 may say true: the thresholds that count samples are what fails then. */
  met: boolean
  /** It ended the run when it was no longer met: where the system breaks is looked for. */
  ends: boolean
}

/** What one part of a scenario did to one target. */
export interface ScenarioSummary {
  /** `expectedLoad`, ...; `recovery` has two parts, `spike` and `recovery`; `isolation` too, `isolation` and `neighbour`. */
  scenario: string
  target: string
  /** Requests that ended, or websockets that were tried. */
  requests: number
  /** Those without an answer. */
  lost: number
  /** Those without the right answer, the lost ones included; websockets that did not stay open. */
  failed: number
  /** Iterations that could not be started for want of a free virtual user. */
  dropped: number
  checksPassed: number
  checksFailed: number
  /** Milliseconds, of right answers; of websockets, from the first byte to the open connection. Absent without one. */
  latencyMs?: { p50: number; p95: number; p99: number; max: number }
}

/** What k6 writes at its end, into one file. */
export interface LoadSummary {
  format: typeof summaryFormat
  profile: string
  /** How long it ran, with all ramps. */
  seconds: number
  scenarios: ScenarioSummary[]
  thresholds: ThresholdResult[]
  /** Virtual users that it had. */
  virtualUsers: number
}
