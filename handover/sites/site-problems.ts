import { setTimeout as sleep } from 'node:timers/promises'
import { toFailure } from '../../functions/platform/failure.ts'
import type { Site, SiteNode } from './site.ts'

const pollMs = 200

/** What of a site is not as its definition has it, a sentence each: a node that is away, in the wrong role, or not streaming. */
export async function siteProblems(site: Site, signal: AbortSignal): Promise<string[]> {
  const problems = await Promise.all(site.nodes.map((node) => nodeProblem(site, node, signal)))
  return problems.filter((problem) => problem !== undefined)
}

/** Waits until nothing is wrong with a site; returns what still is when the time is over, or the signal fires. */
export async function untilWell(site: Site, withinMs: number, signal: AbortSignal): Promise<string[]> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const problems = await siteProblems(site, signal)
    if (problems.length === 0 || performance.now() > deadline || signal.aborted) return problems
    await sleep(pollMs)
  }
}

const stateSql = `SELECT CASE WHEN NOT pg_is_in_recovery() THEN 'primary'
  ELSE coalesce((SELECT status FROM pg_stat_wal_receiver), 'not connected') END`

async function nodeProblem(site: Site, { name, role }: SiteNode, signal: AbortSignal): Promise<string | undefined> {
  try {
    return problemOf(name, role, await site.sql(name, stateSql, { signal }))
  } catch (error) {
    return `${name} does not answer: ${toFailure(error, name).message}`
  }
}

/** @param state `primary`, or how a standby's receiver is. */
export function problemOf(name: string, role: SiteNode['role'], state: string): string | undefined {
  if (role === 'primary') return state === 'primary' ? undefined : `${name} is a standby, and is to be the primary`
  if (state === 'primary') return `${name} is a primary, and is to be a replica`
  return state === 'streaming' ? undefined : `${name} does not stream from its primary (${state})`
}
