import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import { printable } from './printable.ts'

/** One column: its heading, and where its cells stand. */
export interface Column {
  heading: string
  align?: 'left' | 'right'
}

const gap = '  '
const noLines = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: gap },
}
// The library takes 0.2 ms for a row and more as rows become many: too long for a store with thousands of sets.
const mostDrawnRows = 200

/** Aligned columns without lines or, where no column has one, a heading; each line ending in a line break and without spaces at its end. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const headings = columns.map(({ heading }) => heading)
  const lines = [...(headings.some(Boolean) ? [headings] : []), ...rows.map((row) => row.map(printable))]
  const widths = columns.map((_, index) => lines.reduce((widest, line) => Math.max(widest, visibleWidth(line[index] ?? '')), 0))
  const drawn = lines.length <= mostDrawnRows ? draw(columns, widths, lines) : align(columns, widths, lines)
  return drawn.map((line) => `${line.trimEnd()}\n`).join('')
}

/** Two spaces before each line that is not empty. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}

function draw(columns: readonly Column[], widths: readonly number[], lines: readonly string[][]): string[] {
  const table = new Table({
    colAligns: columns.map(({ align: side }) => side ?? 'left'),
    colWidths: [...widths],
    chars: noLines,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  })
  table.push(...lines)
  return table.toString().split('\n')
}

/** What {@link draw} does, for many lines. */
function align(columns: readonly Column[], widths: readonly number[], lines: readonly string[][]): string[] {
  return lines.map((line) =>
    columns
      .map(({ align: side }, index) => {
        const cell = line[index] ?? ''
        const space = ' '.repeat((widths[index] ?? 0) - visibleWidth(cell))
        return side === 'right' ? space + cell : cell + space
      })
      .join(gap),
  )
}

/** Never too small: the library cuts what is wider than its column, and letters from Hangul on may take two places. */
function visibleWidth(text: string): number {
  let width = 0
  for (const letter of stripVTControlCharacters(text)) width += (letter.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2
  return width
}
