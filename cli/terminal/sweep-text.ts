import type { SweepResult } from '../../functions/retention/sweep.ts'
import type { SweepStep } from '../../functions/retention/sweep-plan.ts'
import { formatAge, formatBytes, formatDuration, plural } from './format.ts'
import type { Style } from './style.ts'
import { type Column, renderTable } from './table.ts'

const columns: readonly Column[] = [
  { heading: '' },
  { heading: 'What' },
  { heading: 'Silent for', align: 'right' },
  { heading: 'Objects', align: 'right' },
  { heading: 'Size', align: 'right' },
  { heading: 'Why' },
]

export interface SweepView {
  location: string
  olderThanSeconds: number
  dryRun: boolean
}

/** What a sweep did or would do, thing by thing, with the reasons. */
export function sweepText(result: SweepResult, { location, olderThanSeconds, dryRun }: SweepView, style: Style): string {
  const { steps, spared } = result
  if (steps.length === 0) return `Nothing was left behind in ${location}.\n`
  const rows = steps.map((step) => stepRow(step, dryRun, style))
  const sparedLines = spared.map(
    ({ set }) => `${style.warn('left alone')} ${set}: it was written to or published since it was listed\n`,
  )
  return `${renderTable(columns, rows)}${sparedLines.join('')}\n${summary(result, dryRun)} in ${location}; the limit is ${formatDuration(olderThanSeconds)}\n`
}

function stepRow(step: SweepStep, dryRun: boolean, style: Style): string[] {
  const doing = step.remove ? style.bad(dryRun ? 'would remove' : 'removed') : style.dim('kept')
  const age = formatAge(step.ageSeconds)
  if (step.type === 'upload') return [doing, `upload ${step.upload.key || '(not yet named)'}`, age, '', '', step.reason]
  const { cluster, database, set } = step.address
  return [doing, `set ${cluster}/${database}/${set}`, age, String(step.objects), formatBytes(step.bytes), step.reason]
}

function summary({ steps, removedSets, removedBytes, abortedUploads }: SweepResult, dryRun: boolean): string {
  if (!dryRun)
    return `Removed ${plural(removedSets, 'incomplete set')} (${formatBytes(removedBytes)}) and ${plural(abortedUploads, 'upload')}`
  const sets = steps.filter((step) => step.type === 'set' && step.remove).length
  const uploads = steps.filter((step) => step.type === 'upload' && step.remove).length
  return `Would remove ${plural(sets, 'incomplete set')} and ${plural(uploads, 'upload')}`
}
