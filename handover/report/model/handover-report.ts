import type { Cluster } from '../../../config/cluster.ts'
import { definitionHash } from '../../../config/hash.ts'
import type { RunRecord } from '../../records/verdict.ts'
import { goalsOf } from './goals.ts'
import type { ImageFacts } from './image-facts.ts'
import { judgeGoal } from './judged-goals.ts'
import { type HandoverReport, type OverallVerdict, reportFormat } from './report.ts'
import { risksOf } from './risks.ts'
import type { StoredProof } from './stored-proof.ts'
import { drillResults, loadResults } from './tests.ts'

/** What a report is made from: nothing else, and no clock, so that the same always gives the same. */
export interface ReportFacts {
  cluster: Cluster
  /** Version of Ballast. */
  ballast: string
  /** All records of the cluster, oldest first. */
  records: readonly RunRecord[]
  images: readonly ImageFacts[]
  /** The newest backup of each database and its proof; absent where the store was not asked. */
  stored?: readonly StoredProof[]
}

/** The report of a cluster: what its definition promises, held against what records, images and backups show. */
export function handoverReport(facts: ReportFacts): HandoverReport {
  const { cluster, records, images, stored, ballast } = facts
  const definition = definitionHash(cluster)
  const [drills, loads] = [drillResults(cluster, definition, records), loadResults(cluster, definition, records)]
  const goals = goalsOf(cluster).map((goal) => {
    const test = [...drills, ...loads].find(({ kind, name }) => kind === goal.provenBy.kind && name === goal.provenBy.name)
    return judgeGoal(goal, test?.records.counted, test?.verdict === 'passed')
  })
  const [newest] = records
    .filter((record) => record.definition === definition)
    .toSorted((a, b) => Date.parse(b.endedAt) - Date.parse(a.endedAt))
  const found = { goals, drills, loads, images: [...images], ...(stored === undefined ? {} : { stored: [...stored] }) }
  return {
    ...{ format: reportFormat, cluster: cluster.name, title: cluster.title ?? cluster.name, ballast, definition },
    ...(cluster.handover.client === undefined ? {} : { client: cluster.handover.client }),
    ...{ environment: cluster.environment, timeZone: cluster.timeZone },
    ...(newest?.commit === undefined ? {} : { commit: newest.commit }),
    ...(newest === undefined ? {} : { asOf: newest.endedAt }),
    verdict: overallVerdict(found, definition),
    ...found,
    risks: risksOf({ ...found, definition }),
    approvers: cluster.handover.approvers.map(({ name, role }) => ({ name, role })),
  }
}

type Found = Pick<HandoverReport, 'goals' | 'drills' | 'loads' | 'images' | 'stored'>

/**
 * Passed only if nothing failed and nothing required is missing: every goal, every drill that the definition does not leave
 * out, the load test at the expected rate, and of each image that was given a passing test report about this definition.
 */
function overallVerdict({ goals, drills, loads, images, stored = [] }: Found, definition: string): OverallVerdict {
  const tests = [...drills, ...loads]
  const hasFailed =
    [...tests.map(({ verdict }) => verdict), ...goals.map(({ state }) => state)].includes('failed') ||
    images.some(({ failed }) => failed !== undefined && failed.length > 0) ||
    stored.some(({ proof }) => proof?.verdict === 'different')
  if (hasFailed) return 'failed'
  const isComplete =
    tests.every(({ isRequired, verdict }) => !isRequired || verdict === 'passed') &&
    goals.every(({ state }) => state === 'passed') &&
    images.every(({ failed, origin }) => failed !== undefined && origin.definition === definition)
  return isComplete ? 'passed' : 'incomplete'
}
