import { type Finding, fail, ok, warn } from '../platform/check.ts'
import type { ActingPrimary } from './situation.ts'

const name = 'synchronous'

/** Whether commits wait for as many standbys as they should, and whether those are there: else every commit hangs. */
export function synchronousFinding({ primary, senders }: Pick<ActingPrimary, 'primary' | 'senders'>, wanted: number): Finding {
  const { names, commit } = primary.synchronous
  const waits = names.trim() !== '' && commit !== 'off' && commit !== 'local'
  const needed = waits ? neededStandbys(names) : 0
  const confirming = senders.filter(({ syncState }) => syncState === 'sync' || syncState === 'quorum').length
  if (confirming < needed) {
    const fix = `Bring a standby of synchronous_standby_names (${names}) back. To let writes go on without: ALTER SYSTEM SET synchronous_standby_names = ''; SELECT pg_reload_conf();`
    return fail(name, `commits hang: they wait for ${needed}, and ${confirming} can confirm`, fix)
  }
  if (needed < wanted) {
    const fix =
      'Set synchronous_standby_names and synchronous_commit as the definition says, or change postgres.synchronous there.'
    return (needed === 0 ? fail : warn)(name, `commits wait for ${needed}; the definition says ${wanted}`, fix)
  }
  return ok(name, needed === 0 ? 'commits wait for no standby' : `commits wait for ${needed}, and ${confirming} can confirm`)
}

/** How many standbys a value of synchronous_standby_names asks for: `FIRST 2 (a, b)`, `ANY 1 (*)`, `2 (a, b)`, or a plain list. */
export function neededStandbys(names: string): number {
  const [, count] = /^\s*(?:(?:FIRST|ANY)\s+)?(\d+)\s*\(/i.exec(names) ?? []
  return count === undefined ? 1 : Number(count)
}
