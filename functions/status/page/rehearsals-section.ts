import { type Html, html } from '../../runtime/page/html.ts'
import { cell, row, table } from '../../runtime/page/tables.ts'
import type { RehearsalStatus } from '../status-report.ts'
import { agoCell, type View } from './view.ts'

const classes = { well: 'well', due: 'warn', overdue: 'attention', failed: 'attention' } as const

/** A row for the restore tests and one for the drills; nothing where none are asked for. */
export function rehearsalsSection(view: View): Html | undefined {
  const { report, texts } = view
  const { rehearsals = [] } = report
  if (rehearsals.length === 0) return undefined
  const headings = [texts.exercise, texts.situation, texts.lastDone, texts.dueFrom]
  const rows = rehearsals.map((rehearsal) => rehearsalRow(view, rehearsal))
  return html`<section aria-labelledby="rehearsals"><h2 id="rehearsals">${texts.rehearsals}</h2>${table('rehearsals', texts.rehearsals, headings, rows)}<p class="small">${texts.rehearsalsNote}</p></section>`
}

function rehearsalRow(view: View, { rehearsal, state, last, dueMs }: RehearsalStatus): Html {
  const { texts, format } = view
  return row(texts.rehearsal[rehearsal], [
    cell(texts.situation, html`<span class="badge ${classes[state]}">${texts.rehearsalState[state]}</span>`),
    cell(texts.lastDone, last === undefined ? texts.never : agoCell(view, last.atMs)),
    cell(texts.dueFrom, format.time(dueMs)),
  ])
}
