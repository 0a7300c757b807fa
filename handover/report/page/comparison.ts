import { type Html, html } from '../../../functions/runtime/page/html.ts'
import { cell, row, table } from '../../../functions/runtime/page/tables.ts'
import { type Change, compareRuns } from '../../loadtest/compare.ts'
import type { LoadRecord } from '../../records/load-record.ts'
import { measurementName, type View, whenOf } from './view.ts'

/** What changed since the run of the same profile before. */
export function comparisonPart(view: View, record: LoadRecord, previous: LoadRecord | undefined): Html {
  const { texts } = view
  const heading = html`<h4>${texts.comparison}</h4>`
  if (previous === undefined) return html`${heading}<p>${texts.noPrevious}</p>`
  const { measurement, previous: before, current, change } = texts.columns
  const rows = compareRuns(record, previous).map((one) => changeRow(view, one))
  const other = previous.definition === record.definition ? '' : ` ${texts.otherDefinition}`
  const note = html`<p class="note">${texts.comparisonWith(whenOf(view, previous), texts.on[previous.on])}${other}</p>`
  return html`${heading}${note}${table('comparison', texts.comparison, [measurement, before, current, change], rows)}`
}

function changeRow(view: View, { key, unit, before, now, changePercent }: Change): Html {
  const { texts, numbers } = view
  return row(measurementName(view, key), [
    cell(texts.columns.previous, numbers.quantity(before, unit)),
    cell(texts.columns.current, numbers.quantity(now, unit)),
    cell(texts.columns.change, changePercent === undefined ? '–' : numbers.change(changePercent / 100)),
  ])
}
