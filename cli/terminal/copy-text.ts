import type { StepResult, TargetResult } from '../../functions/copies/copy.ts'
import { formatBytes, formatDuration, plural } from './format.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'
import { type Column, indent, renderTable } from './table.ts'

const columns: readonly Column[] = [
  { heading: '' },
  { heading: 'Set' },
  { heading: 'Size', align: 'right' },
  { heading: 'Sent', align: 'right' },
  { heading: 'Why' },
]

/** What a copy run did or would do, target by target. */
export function copyText(source: string, results: readonly TargetResult[], seconds: number, style: Style): string {
  const parts = results.map((result) => targetText(result, style))
  return `${parts.join('\n')}\nFrom ${printable(source)} in ${formatDuration(seconds)}\n`
}

function targetText({ name, location, steps, leftOut, failure }: TargetResult, style: Style): string {
  const heading = location === undefined || location === name ? name : `${name} (${location})`
  const skipped = leftOut.map(({ address, reason }) => `  ${style.warn('left out')} ${address.set}: ${printable(reason)}\n`)
  return `${style.bold(printable(heading))}\n${body(steps, failure !== undefined, style)}${skipped.join('')}`
}

function body(steps: readonly StepResult[], failed: boolean, style: Style): string {
  if (failed) return `  ${style.bad('FAILED')}: nothing was copied; the reason is above\n`
  if (steps.length === 0) return `  ${style.good('complete')}: every set is there, and was compared\n`
  return indent(
    renderTable(
      columns,
      steps.map((step) => row(step, style)),
    ),
  )
}

function row({ address, outcome, action, storedBytes, reason, copied }: StepResult, style: Style): string[] {
  const set = `${address.cluster}/${address.database} ${address.set}`
  const sent = copied === undefined ? '' : formatBytes(copied.sentBytes)
  return [doing(outcome, action, style), set, formatBytes(storedBytes), sent, reason + replacedText(copied?.replaced ?? [])]
}

function replacedText(replaced: readonly string[]): string {
  if (replaced.length === 0) return ''
  return `; ${plural(replaced.length, 'object')} there differed and was sent again: ${replaced.slice(0, 3).join(', ')}`
}

function doing(outcome: StepResult['outcome'], action: StepResult['action'], style: Style): string {
  switch (outcome) {
    case 'planned':
      return style.dim(action === 'copy' ? 'would copy' : 'would add evidence')
    case 'copied':
      return style.good(action === 'copy' ? 'copied and compared' : 'evidence added')
    case 'gone':
      return style.dim('deleted at the source meanwhile')
    case 'failed':
      return style.bad('FAILED')
    case 'untried':
      return style.warn('not tried after failures in a row')
  }
}
