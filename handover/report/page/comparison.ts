import { type Html, html } from '../../../functions/runtime/page/html.ts'
import { cell, row, table } from '../../../functions/runtime/page/tables.ts'
import type { LoadRecord } from '../../records/load-record.ts'
import type { Measurement } from '../../records/measurement.ts'
import { measurementName, type View, whenOf } from './view.ts'

/** What changed since the run of the same profile before. */
export function comparisonPart(view: View, record: LoadRecord, previous: LoadRecord | undefined): Html {
  const { texts } = view
  const heading = html`<h4>${texts.comparison}</h4>`
  if (previous === undefined) return html`${heading}<p>${texts.noPrevious}</p>`
  const { measurement, previous: before, current, change } = texts.columns
  const rows = pairs(record.measurements, previous.measurements).map((pair) => pairRow(view, pair))
  const other = previous.definition === record.definition ? '' : ` ${texts.otherDefinition}`
  const note = html`<p class="note">${texts.comparisonWith(whenOf(view, previous), texts.on[previous.on])}${other}</p>`
  return html`${heading}${note}${table('comparison', texts.comparison, [measurement, before, current, change], rows)}`
}

type Pair = readonly [now: Measurement, before: Measurement]

/** Measurements of the same name and unit; where there are several of a name, the first with the first, and so on. */
export function pairs(now: readonly Measurement[], before: readonly Measurement[]): Pair[] {
  const left = before.filter(({ samples }) => samples > 0)
  return now
    .filter(({ samples }) => samples > 0)
    .flatMap((one): Pair[] => {
      const index = left.findIndex(({ key, unit }) => key === one.key && unit === one.unit)
      const [other] = index < 0 ? [] : left.splice(index, 1)
      return other === undefined ? [] : [[one, other]]
    })
}

function pairRow(view: View, [now, before]: Pair): Html {
  const { texts, numbers } = view
  const change = before.value === 0 ? undefined : (now.value - before.value) / before.value
  return row(measurementName(view, now.key), [
    cell(texts.columns.previous, numbers.quantity(before.value, before.unit)),
    cell(texts.columns.current, numbers.quantity(now.value, now.unit)),
    cell(texts.columns.change, change === undefined ? '–' : numbers.change(change)),
  ])
}
