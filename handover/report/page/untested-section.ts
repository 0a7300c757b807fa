import { type Html, html } from '../../../functions/runtime/page/html.ts'
import { cell, row, table } from '../../../functions/runtime/page/tables.ts'
import type { DrillResult, LoadResult } from '../model/tests.ts'
import { badge, section } from './parts.ts'
import { reasonText } from './verdict-section.ts'
import { testName, type View } from './view.ts'

/** Everything that is not proven because it did not run, and what those that ran could not show. */
export function untestedSection(view: View): Html {
  const { report, texts } = view
  const tests = [...report.loads, ...report.drills]
  const rows = [
    ...tests.filter(({ verdict }) => verdict === 'not run').map((one) => notRunRow(view, one)),
    ...tests.flatMap((one) => partRows(view, one)),
  ]
  if (rows.length === 0) return section(view, 'untested', [html`<p>${texts.everythingTested}</p>`])
  const { test, note, result } = texts.columns
  return section(view, 'untested', [table('untested', texts.sections.untested, [test, note, result], rows)])
}

function notRunRow(view: View, test: DrillResult | LoadResult): Html {
  const { texts } = view
  const { reason = 'no record', isRequired, records } = test
  const detail = records.attempt?.reason
  const words = detail === undefined ? undefined : html` <small lang="en">${detail}</small>`
  const optional = isRequired ? undefined : html` <small>${texts.optional}</small>`
  return row(html`${testName(view, test)}${optional}`, [
    cell(texts.columns.note, html`${reasonText(view, reason, records.outdated)}${words}`),
    cell(texts.columns.result, badge(view, 'not run')),
  ])
}

function partRows(view: View, test: DrillResult | LoadResult): Html[] {
  const { columns, inPart } = view.texts
  const { untested = [] } = test.records.counted ?? {}
  return untested.map((sentence) =>
    row(testName(view, test), [cell(columns.note, html`<span lang="en">${sentence}</span>`), cell(columns.result, inPart)]),
  )
}
