import { type Finding, fail, ok, warn } from '../platform/check.ts'
import { formatDuration } from '../platform/quantities.ts'
import type { Answer } from './facts.ts'

/** One pool of PgBouncer, which is one user in one database. */
export interface PoolFacts {
  database: string
  user: string
  activeClients: number
  waitingClients: number
  idleServers: number
  /** Since when the first client in the queue waits. */
  waitSeconds: number
}

/** Columns by name: versions differ in which there are and in their order. Numbers arrive as text. */
export function poolFacts(row: Readonly<Record<string, unknown>>): PoolFacts {
  const number = (column: string): number => {
    const value = Number(row[column] ?? Number.NaN)
    if (Number.isNaN(value)) throw new TypeError(`SHOW POOLS has no number in a column ${column}`)
    return value
  }
  return {
    database: String(row.database),
    user: String(row.user),
    activeClients: number('cl_active'),
    waitingClients: number('cl_waiting'),
    idleServers: number('sv_idle'),
    waitSeconds: number('maxwait') + number('maxwait_us') / 1e6,
  }
}

/** Whether the pooler of a node answers, and whether its clients get a connection soon enough. */
export function poolFindings(answer: Answer<readonly PoolFacts[]>, maxPoolWaitSeconds: number): Finding[] {
  if ('problem' in answer) return [fail('pooler', answer.problem.message, answer.problem.hint)]
  return [ok('pooler', 'answers'), poolFinding(answer.facts, maxPoolWaitSeconds)]
}

function poolFinding(pools: readonly PoolFacts[], maxPoolWaitSeconds: number): Finding {
  const late = pools.filter(({ waitSeconds }) => waitSeconds > maxPoolWaitSeconds)
  const text = (some: readonly PoolFacts[]): string => some.map(waitText).join(', ')
  const fix =
    'Find what holds the server connections (SHOW SERVERS in the console, pg_stat_activity): long or forgotten transactions first; only then raise the size of the pool.'
  if (late.length > 0) return fail('pool', `${text(late)}; at most ${formatDuration(maxPoolWaitSeconds)}`, fix)
  const full = pools.filter(({ waitingClients, idleServers }) => waitingClients > 0 && idleServers === 0)
  if (full.length > 0) return warn('pool', text(full), fix)
  const clients = pools.reduce((sum, { activeClients }) => sum + activeClients, 0)
  return ok('pool', `nobody waits; ${clients} clients at work in ${pools.length} pools`)
}

function waitText({ database, user, waitingClients, waitSeconds }: PoolFacts): string {
  return `${database}/${user}: ${waitingClients} clients wait, the first for ${formatDuration(waitSeconds)}`
}
