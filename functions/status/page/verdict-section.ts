import { isRehearsal } from '../../../config/rehearsals.ts'
import { type Html, html } from '../../runtime/page/html.ts'
import { operationName } from '../run-concerns.ts'
import type { Concern, StatusVerdict } from '../status-report.ts'
import { operationText, type View } from './view.ts'

/** A tick, an exclamation mark or a question mark in a ring. */
const signs: Readonly<Record<StatusVerdict, string>> = {
  well: 'M14 24.5l7 7 13-14',
  attention: 'M24 13v14M24 33v1.5',
  unknown: 'M18 19a6 6 0 1 1 9 5.2c-2 1.2-3 2.3-3 4.3M24 33.5v1.5',
}

/** The verdict, since when it holds and until when. */
export function verdictSection({ report, texts, format }: View): Html {
  const { verdict, asOfMs, renewByMs } = report
  const renew =
    renewByMs === undefined
      ? undefined
      : html` ${texts.renewBy} <time datetime="${iso(renewByMs)}">${format.instant(renewByMs)}</time>.`
  return html`<section class="verdict ${verdict}" id="verdict" aria-labelledby="verdict-text"><svg viewBox="0 0 48 48" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"><circle cx="24" cy="24" r="20"/><path d="${signs[verdict]}"/></g></svg><div><h2 id="verdict-text">${texts.verdict[verdict]}</h2><p>${texts.verdictDetail[verdict]}</p></div></section>
<p class="sub">${texts.asOf} <time datetime="${iso(asOfMs)}">${format.instant(asOfMs)}</time>.${renew} <span class="age" id="age" hidden></span></p>
<section class="stale" id="stale" role="alert" hidden>${texts.stale}</section>`
}

/** What needs attention; nothing where nothing does. Open alerts have a section of their own. */
export function concernsSection(view: View): Html | undefined {
  const { report, texts } = view
  const concerns = report.concerns.filter(({ code }) => code !== 'alert')
  if (concerns.length === 0) return undefined
  const items = concerns.map((concern) => concernItem(view, concern))
  return html`<section aria-labelledby="concerns"><h2 id="concerns">${texts.concerns}</h2><ul class="concerns">${items}</ul></section>`
}

const classes = { fail: 'attention', warn: 'warn', unknown: 'unknown' } as const

function concernItem(view: View, concern: Concern): Html {
  const { texts } = view
  const { status, finding } = concern
  return html`<li><span><span class="badge ${classes[status]}">${texts.concernStatus[status]}</span></span><div>${concernText(view, concern)}<small>${texts.detail}: <span lang="en">${finding}</span></small></div></li>`
}

function concernText(view: View, concern: Concern): string {
  const { report, texts } = view
  const { code, subject } = concern
  const hasBackup = report.databases.some(({ database, lastBackup }) => database === subject && lastBackup !== undefined)
  return code === 'backup' && !hasBackup ? texts.noBackup(subject) : texts.concern[code](subjectText(view, concern))
}

/** What Ballast names itself has a name in the reader's language; everything else is called as it is. */
function subjectText(view: View, { code, subject }: Concern): string {
  const { report, texts } = view
  if (code === 'rehearsal-due' || code === 'rehearsal-failed') return isRehearsal(subject) ? texts.rehearsal[subject] : subject
  const operation = report.operations.find((one) => operationName(one) === subject)
  return operation === undefined ? (texts.operations[subject] ?? subject) : operationText(view, operation)
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
