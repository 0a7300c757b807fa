import type { Outcome } from '../../functions/platform/outcome.ts'
import { formatBytes, formatCount, formatDuration } from './format.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'
import { renderTable } from './table.ts'

const columns = [{ heading: '' }, { heading: '' }, { heading: '' }]

/** What scheduled runs did, one line for each thing that they worked on. */
export function outcomeText(outcomes: readonly Outcome[], style: Style): string {
  return renderTable(
    columns,
    outcomes.map((outcome) => [
      outcome.ok ? style.good('ok') : style.bad('FAIL'),
      `${outcome.operation} ${printable(outcome.subject)}`,
      [...Object.entries(outcome.numbers).map(([name, value]) => numberText(name, value)), reason(outcome)]
        .filter((text) => text !== '')
        .join(', '),
    ]),
  )
}

/** `storedBytes: 11700000` as `stored 11.7 MB`; what is not so is left out. */
function numberText(name: string, value: number | string | boolean): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  if (typeof value === 'boolean') return value ? words : ''
  if (typeof value === 'string') return `${words} ${printable(value)}`
  if (words === 'seconds') return formatDuration(value)
  if (words.endsWith(' bytes')) return `${words.slice(0, -' bytes'.length)} ${formatBytes(value)}`
  return words.endsWith(' seconds')
    ? `${words.slice(0, -' seconds'.length)} ${formatDuration(value)}`
    : `${words} ${formatCount(value)}`
}

function reason({ failure }: Outcome): string {
  return failure === undefined ? '' : printable(failure.message)
}
