import type { Finding } from '../platform/check.ts'
import { type JudgedRehearsal, rehearsalConcerns } from './rehearsal-status.ts'
import { runConcerns } from './run-concerns.ts'
import type { StatusFacts } from './status-facts.ts'
import type { Concern, ConcernCode, OpenAlert, OperationStatus, ReplicationStatus } from './status-report.ts'

/** What the checks of one database's backups found; undefined where they could not be made. */
export interface DatabaseFindings {
  database: string
  findings: readonly Finding[] | undefined
}

/** What was judged of a cluster. */
export interface Judged {
  databases: readonly DatabaseFindings[]
  replication: ReplicationStatus | undefined
  operations: readonly OperationStatus[]
  rehearsals: readonly JudgedRehearsal[] | undefined
}

/** Everything that is not well or not known, the worst first. */
export function concernsOf(facts: StatusFacts, { databases, replication, operations, rehearsals }: Judged): Concern[] {
  const all = [
    ...alertConcerns(facts),
    ...databases.flatMap(findingConcerns),
    ...(databases.length === 0 ? noBackups(facts) : []),
    ...replicationConcerns(replication, facts.asOfMs),
    ...runConcerns(facts, operations),
    ...rehearsalConcerns(facts, rehearsals),
    ...storeConcerns(facts),
    ...historyConcerns(facts),
  ]
  return all.toSorted((a, b) => rank[a.status] - rank[b.status])
}

const rank = { fail: 0, unknown: 1, warn: 2 } as const
const findingCodes: ReadonlySet<string> = new Set<ConcernCode>([
  'backup',
  'verification',
  'digests',
  'size',
  'copies',
  'damage',
])
const lookAtRuns = 'Look at the log of its last run, and whether its schedule is still switched on.'

function findingConcerns({ database, findings = [] }: DatabaseFindings): Concern[] {
  return findings.flatMap(({ name, status, finding, fix = '' }): Concern[] => {
    if (status === 'ok') return []
    const code = findingCodes.has(name) ? (name as ConcernCode) : 'other'
    return [{ code, status, subject: database, finding: code === 'other' ? `${name}: ${finding}` : finding, fix }]
  })
}

/** Nothing to look at is not well: it is what a wrong prefix looks like. A store that cannot be listed is another concern. */
function noBackups({ listings, cluster }: StatusFacts): Concern[] {
  const [main] = listings
  if (main !== undefined && !('sets' in main)) return []
  const fix = 'Check the store, its prefix and --cluster; `ballast list` shows sets.'
  const finding = 'there is no backup of any database'
  return [{ code: 'backup', status: 'fail', subject: main?.location ?? cluster, finding, fix }]
}

function replicationConcerns(replication: ReplicationStatus | undefined, nowMs: number): Concern[] {
  if (replication === undefined) return []
  const { now, lastPollMs } = replication
  const subject = 'replication'
  if (now === undefined) {
    const finding =
      lastPollMs === undefined ? 'it was never looked at' : `it was last looked at ${minutes(nowMs - lastPollMs)} ago`
    return [{ code: 'unwatched', status: 'unknown', subject, finding, fix: lookAtRuns }]
  }
  if (now.result === 'good') return []
  // A poll that failed knows nothing: that is not the same as a replica that is behind.
  const status = now.result === 'bad' ? 'fail' : 'unknown'
  const fix = 'Run `ballast check replication` and do what it says.'
  return [{ code: 'replication', status, subject, finding: now.message ?? 'the last poll was not good', fix }]
}

function alertConcerns({ openAlerts }: StatusFacts): Concern[] {
  if (openAlerts === undefined) return []
  if ('problem' in openAlerts) {
    const fix = 'See to what is said; until then nobody knows whether an alert is open.'
    return [{ code: 'alerts', status: 'unknown', subject: 'alerts', finding: openAlerts.problem, fix }]
  }
  return openAlerts.value.map(alertConcern)
}

function alertConcern({ name, subject, severity, summary }: OpenAlert): Concern {
  const status = severity === 'critical' ? 'fail' : 'warn'
  return { code: 'alert', status, subject, finding: `${name}: ${summary}`, fix: 'Do what the message of the alert says.' }
}

function storeConcerns({ listings }: StatusFacts): Concern[] {
  return listings.flatMap((listing) => {
    if ('sets' in listing) return []
    const { message, hint } = listing.failure
    return [{ code: 'store', status: 'unknown', subject: listing.name, finding: message, fix: hint }]
  })
}

function historyConcerns({ history }: StatusFacts): Concern[] {
  const problems = 'problem' in history ? [history.problem] : history.value.problems
  const fix = 'Find out who or what changed it. What it said is lost; the days concerned are shown as without data.'
  return problems.map((finding) => ({ code: 'history', status: 'unknown', subject: 'history', finding, fix }))
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`
}
