import type { Cluster } from '../../../config/cluster.ts'
import { type Drill, drills } from '../../../config/drills.ts'
import { type LoadProfile, loadProfiles } from '../../../config/load-profiles.ts'
import type { DrillRecord } from '../../records/drill-record.ts'
import type { LoadRecord } from '../../records/load-record.ts'
import { type RunRecord, type Verdict, verdictOf } from '../../records/verdict.ts'
import { type ChosenRecords, chosenDrill, chosenLoad } from './chosen-records.ts'

/** Why a test counts as not run. */
export type NotRunReason =
  /** The definition leaves it out. */
  | 'left out'
  | 'no record'
  /** All there is came from another definition. */
  | 'outdated'
  | Exclude<RunRecord['state'], 'complete'>
  /** It ran to its end and judged nothing. */
  | 'no limit'
  /** With less load, or for less time, than the definition promises. */
  | 'smaller load'

/** A drill or a profile; some of them have the same name. */
export type Test = { kind: 'drill'; name: Drill } | { kind: 'load'; name: LoadProfile }

interface Result<R extends RunRecord> {
  verdict: Verdict
  /** Without it the handover is incomplete. */
  isRequired: boolean
  /** With `not run` alone. */
  reason?: NotRunReason
  records: ChosenRecords<R>
}

export type DrillResult = Extract<Test, { kind: 'drill' }> & Result<DrillRecord>
export type LoadResult = Extract<Test, { kind: 'load' }> & Result<LoadRecord>

/** Every drill that there is, in the order of a rehearsal. */
export function drillResults({ handover }: Pick<Cluster, 'handover'>, definition: string, records: readonly RunRecord[]) {
  return drills.map((name): DrillResult => {
    const isLeftOut = handover.drills.skip.includes(name)
    return { kind: 'drill', name, ...resultOf(chosenDrill(records, name, definition), isLeftOut ? 'left out' : 'required') }
  })
}

/** The one that proves the goals first, the one that proves none last. */
const [smoke, ...others] = loadProfiles

/** Every profile that there is. Of these only the one at the expected load proves the goals. */
export function loadResults(cluster: Pick<Cluster, 'loadtests'>, definition: string, records: readonly RunRecord[]) {
  return [...others, smoke].map((name): LoadResult => {
    const isAverage = name === 'average'
    const result = resultOf(chosenLoad(records, name, definition), isAverage ? 'required' : 'extra')
    const isShort = isAverage && result.verdict === 'passed' && !isFullLoad(cluster, result.records.counted)
    return { kind: 'load', name, ...result, ...(isShort ? { verdict: 'not run', reason: 'smaller load' } : {}) }
  })
}

/** What came before and after the plateau, pgbench among it, is no time at the expected rate. */
function isFullLoad({ loadtests }: Pick<Cluster, 'loadtests'>, record: LoadRecord | undefined): boolean {
  const { ratePerSecond = 0, plateauSeconds = 0 } = record?.plan ?? {}
  return ratePerSecond >= loadtests.goals.ratePerSecond && plateauSeconds >= loadtests.profiles.averageDurationSeconds
}

function resultOf<R extends RunRecord>(records: ChosenRecords<R>, demand: 'required' | 'extra' | 'left out'): Result<R> {
  const isRequired = demand === 'required'
  if (records.counted !== undefined) return { verdict: verdictOf(records.counted), isRequired, records }
  return { verdict: 'not run', isRequired, reason: notRunReason(records, demand === 'left out'), records }
}

function notRunReason({ attempt, outdated }: ChosenRecords<RunRecord>, isLeftOut: boolean): NotRunReason {
  if (attempt !== undefined) return attempt.state === 'complete' ? 'no limit' : attempt.state
  if (isLeftOut) return 'left out'
  return outdated === undefined ? 'no record' : 'outdated'
}
