import { type Format, formatFor } from '../../runtime/page/format.ts'
import { type Html, html } from '../../runtime/page/html.ts'
import type { Language } from '../../runtime/page/language.ts'
import { operationName } from '../run-concerns.ts'
import type { OperationStatus, StatusReport } from '../status-report.ts'
import { textsOf } from './languages.ts'
import type { Texts } from './texts.ts'

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
