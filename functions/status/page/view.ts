import { operationName } from '../run-concerns.ts'
import type { OperationStatus, StatusReport } from '../status-report.ts'
import { type Format, formatFor } from './format.ts'
import { type Html, html } from './html.ts'
import { textsOf } from './languages.ts'
import type { Language, Texts } from './texts.ts'

/** A report as readers of one language see it. */
export interface View {
  report: StatusReport
  texts: Texts
  format: Format
}

/** The view of a report in a language. */
export function viewOf(report: StatusReport, language: Language): View {
  return { report, texts: textsOf(language), format: formatFor(language, report.timeZone) }
}

/** `Backup (daily)`; an operation without a name of its own in this language is called as it is. */
export function operationText({ texts }: View, { operation, slot }: Pick<OperationStatus, 'operation' | 'slot'>): string {
  return operationName({ operation: texts.operations[operation] ?? operation, ...(slot === undefined ? {} : { slot }) })
}

/** `3 h ago`, and the time below. */
export function agoCell({ report, texts, format }: View, ms: number): Html {
  return html`${texts.ago(format.age((report.asOfMs - ms) / 1000))} <small>${format.time(ms)}</small>`
}

/** A cell whose column is named again where the table is too wide for the screen. */
export function cell(label: string, content: Html | string): Html {
  return html`<td role="cell" data-label="${label}"><div>${content}</div></td>`
}

/** A table that stays one for screen readers where it is shown as a list. */
export function table(name: string, caption: string, headings: readonly string[], rows: readonly Html[]): Html {
  const head = headings.map((heading) => html`<th scope="col" role="columnheader">${heading}</th>`)
  return html`<table class="${name}" role="table"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${rows}</tbody></table>`
}

/** A row with its heading. */
export function row(heading: Html | string, cells: readonly Html[]): Html {
  return html`<tr role="row"><th scope="row" role="rowheader">${heading}</th>${cells}</tr>`
}
