import { type Html, html } from '../../../functions/runtime/page/html.ts'
import { cell, row, table } from '../../../functions/runtime/page/tables.ts'
import { columnUnits } from '../../drills/keys.ts'
import { isMet, type Measurement, type Unit } from '../../records/measurement.ts'
import type { EvidenceTable } from '../../records/run-facts.ts'
import type { SectionKey, Texts } from '../../texts/texts.ts'
import { keyText, limitText, measurementName, type View } from './view.ts'

/** A tick, a cross and a dash, so that no result is told by its colour alone. */
const signs: Readonly<Record<keyof Texts['state'], string>> = {
  passed: 'M3 8.5l3.5 3.5L13 4.5',
  failed: 'M4 4l8 8M12 4l-8 8',
  'not run': 'M3 8h10',
  'not proven': 'M3 8h10',
}

/** A result as a sign and a word. */
export function badge({ texts }: View, state: keyof Texts['state']): Html {
  return html`<span class="badge ${state.replace(' ', '-')}"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="${signs[state]}"/></svg>${texts.state[state]}</span>`
}

/** A section of the report with its heading. */
export function section({ texts }: View, key: SectionKey, content: readonly (Html | undefined)[]): Html {
  return html`<section id="${key}" aria-labelledby="${key}-heading"><h2 id="${key}-heading">${texts.sections[key]}</h2>${content}</section>\n`
}

/** A drawing that scrolls within itself where the screen is narrow, also by keyboard. */
export function wide(name: string, drawing: Html): Html {
  return html`<div class="wide" role="group" tabindex="0" aria-label="${name}">${drawing}</div>`
}

/** The measurements of a run, each with its limit and how it was measured. */
export function measurementsTable(view: View, caption: string, measurements: readonly Measurement[]): Html | undefined {
  const { texts } = view
  if (measurements.length === 0) return undefined
  const { measurement, limit, measured, margin, sample, result } = texts.columns
  const headings = [measurement, limit, measured, margin, sample, result]
  return table(
    'measurements',
    caption,
    headings,
    measurements.map((one) => measurementRow(view, one)),
  )
}

function measurementRow(view: View, measurement: Measurement): Html {
  const { texts, numbers, keys } = view
  const { key, value, unit, samples, limit } = measurement
  const known: Readonly<Record<string, { how: string }>> = keys.measurements
  const text = Object.hasOwn(known, key) ? known[key] : undefined
  const met = isMet(measurement)
  // Everything else is the path of a field of the definition, or an option of the command line.
  const from = limit?.from === 'drill' || limit?.from === 'k6' ? texts.ownLimit : texts.limitFrom(limit?.from ?? '')
  const difference = limit === undefined ? undefined : limit.is === 'at least' ? value - limit.value : limit.value - value
  const has = difference !== undefined && samples > 0 && limit?.is !== 'exactly'
  return row(html`${measurementName(view, key)}${text === undefined ? undefined : html` <small>${text.how}</small>`}`, [
    cell(
      texts.columns.limit,
      limit === undefined ? texts.noLimit : html`${limitText(view, limit.is, limit.value, unit)} <small>${from}</small>`,
    ),
    cell(texts.columns.measured, html`<span class="number">${samples === 0 ? '–' : numbers.quantity(value, unit)}</span>`),
    cell(texts.columns.margin, html`<span class="number">${has ? numbers.difference(difference, unit) : '–'}</span>`),
    cell(texts.columns.sample, numbers.count(samples)),
    cell(texts.columns.result, met === undefined ? '–' : badge(view, met ? 'passed' : 'failed')),
  ])
}

/** Characters that a column of a table with seven has room for. */
const longestUnbroken = 15

/** Evidence in rows, as a record holds it. */
export function evidenceTable(view: View, { key, columns, rows }: EvidenceTable): Html {
  const { keys } = view
  const names = columns.map((column) => keyText(keys.columns, column))
  const shown = (text: string, index: number) => unbroken(evidenceText(view, columns[index] ?? '', text))
  const lines = rows.map(([first = '', ...others]) =>
    row(
      shown(first, 0),
      others.map((text, index) => cell(names[index + 1] ?? '', shown(text, index + 1))),
    ),
  )
  const caption = keyText(keys.tables, key)
  return html`<h4>${caption}</h4>${table('evidence', caption, names, lines)}`
}

/** A quantity in the way of the language; what is none as it is, or in the words that are known of it. */
function evidenceText({ keys, numbers }: View, column: string, text: string): string {
  const known: Readonly<Record<string, Unit>> = columnUnits
  const unit = Object.hasOwn(known, column) ? known[column] : undefined
  if (unit === undefined || !/^-?\d+(\.\d+)?$/.test(text)) return keyText(keys.values, text)
  return numbers.quantity(Number(text), unit)
}

/** What is short stays on one line: a narrow column would break it within a word. */
function unbroken(text: string): string | Html {
  return text.length > longestUnbroken ? text : html`<span class="number">${text}</span>`
}

/** What a run could not show, whatever its result. */
export function uncoveredList({ texts }: View, untested: readonly string[] = []): Html | undefined {
  if (untested.length === 0) return undefined
  const items = untested.map((sentence) => html`<li lang="en">${sentence}</li>`)
  return html`<h4>${texts.uncovered}</h4><ul>${items}</ul>`
}

/** What was found to be wrong, and what was not put back. */
export function findingsList({ texts }: View, findings: readonly string[], isRestored: boolean): Html | undefined {
  if (findings.length === 0 && isRestored) return undefined
  const items = findings.map((finding) => html`<li lang="en">${finding}</li>`)
  const left = isRestored ? undefined : html`<li>${texts.notRestored}</li>`
  return html`<h4>${texts.findings}</h4><ul class="findings">${items}${left}</ul>`
}
