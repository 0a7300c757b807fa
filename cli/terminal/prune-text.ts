import { databaseGroups } from '../../functions/archive/database-groups.ts'
import type { PrunedSet, PruneResult } from '../../functions/retention/prune.ts'
import { lockText } from '../../functions/retention/prune-outcome.ts'
import type { SweepResult } from '../../functions/retention/sweep.ts'
import { formatBytes, plural } from './format.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'
import { type SweepView, sweepText } from './sweep-text.ts'
import { type Column, indent, renderTable } from './table.ts'

const columns: readonly Column[] = [{ heading: '' }, { heading: 'Set' }, { heading: 'State' }, { heading: 'Why' }]

/** What a prune did or would do, set by set with the reasons; then what it swept. */
export function pruneText(pruned: PruneResult | undefined, swept: SweepResult, view: SweepView, style: Style): string {
  const sets = pruned === undefined ? `${style.dim(noPolicy)}\n` : setsText(pruned, view, style)
  return `${sets}\n${sweepText(swept, view, style)}`
}

const noPolicy =
  'No retention policy: backups are left alone. Give rules such as --keep-daily 7, or a definition that has some.'

function setsText(pruned: PruneResult, { location, dryRun }: SweepView, style: Style): string {
  if (pruned.sets.length === 0) return `No backup sets in ${location}.\n`
  const parts = databaseGroups(pruned.sets, ({ address }) => address).map(({ cluster, database, items }) => {
    const rows = items.map((set) => [doing(set, style), set.address.set, standing(set, style), why(set)])
    return `${style.bold(printable(`${cluster}/${database}`))}\n${indent(renderTable(columns, rows))}`
  })
  return `${parts.join('\n')}\n${summary(pruned, dryRun)} in ${location}\n`
}

function doing({ outcome }: PrunedSet, style: Style): string {
  if (outcome === 'kept') return style.dim('keep')
  if (outcome === 'planned') return style.bad('would delete')
  if (outcome === 'deleted') return style.bad('deleted')
  return style.warn(outcome === 'locked' ? 'locked' : 'left alone')
}

function standing({ standing: is }: PrunedSet, style: Style): string {
  if (is === 'verified') return style.good(is)
  if (is === 'sampled') return style.good('verified in part')
  return is === 'unverified' ? style.warn('not verified') : style.bad(is.toUpperCase())
}

function why({ reasons, outcome, lockedUntilMs }: PrunedSet): string {
  const reason = reasons.join('; ')
  if (outcome === 'locked') return `${reason}; the store keeps it until ${lockText(lockedUntilMs ?? Number.POSITIVE_INFINITY)}`
  return outcome === 'spared' ? `${reason}; it has changed since it was listed` : reason
}

function summary({ sets, deletedBytes }: PruneResult, dryRun: boolean): string {
  const having = (outcome: PrunedSet['outcome']): number => sets.filter((set) => set.outcome === outcome).length
  if (dryRun) return `Would delete ${plural(having('planned'), 'set')} and keep ${having('kept')}`
  const locked = having('locked') === 0 ? '' : `, ${having('locked')} locked by the store`
  return `Deleted ${plural(having('deleted'), 'set')} (${formatBytes(deletedBytes)}), kept ${having('kept')}${locked}`
}
