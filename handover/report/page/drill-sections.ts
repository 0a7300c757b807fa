import type { Drill } from '../../../config/drills.ts'
import { type Html, html } from '../../../functions/runtime/page/html.ts'
import type { DrillRecord } from '../../records/drill-record.ts'
import type { DrillResult, Test } from '../model/tests.ts'
import { eventsPart } from './events-part.ts'
import { badge, evidenceTable, findingsList, measurementsTable, uncoveredList } from './parts.ts'
import { testName, type View, whenOf } from './view.ts'

/** Which drills a section shows. */
export const drillGroups = {
  failures: [
    ...(['stress', 'lag-under-load', 'pool-exhaustion', 'failover', 'rejoin', 'replica-cut-off'] as const),
    ...(['disk-filling', 'secret-rotation'] as const),
  ],
  backup: ['restore', 'point-in-time', 'store-unreachable'],
  exposure: ['port-exposure', 'tls-and-passwords'],
} as const satisfies Record<string, readonly Drill[]>

/** The drills of a section that have a record, whole; the others by name. */
export function drillsOf(view: View, group: keyof typeof drillGroups): Html[] {
  const names: readonly Drill[] = drillGroups[group]
  const results = names.flatMap((name) => view.report.drills.find((drill) => drill.name === name) ?? [])
  const shown = results.flatMap((result) => {
    const { counted } = result.records
    return counted === undefined ? [] : [drillArticle(view, result, counted)]
  })
  const missing = results.filter(({ records }) => records.counted === undefined)
  return [...shown, ...notRunNote(view, missing)]
}

/** Names tests that have no record; nothing where there are none. */
export function notRunNote(view: View, tests: readonly Test[]): Html[] {
  if (tests.length === 0) return []
  const list = tests.map((test) => testName(view, test)).join('; ')
  return [html`<p class="not-run-note">${view.texts.notRunHere(list)}</p>`]
}

function drillArticle(view: View, { name, verdict, records }: DrillResult, record: DrillRecord): Html {
  const { texts } = view
  return html`<article id="drill-${name}" aria-labelledby="drill-${name}-heading">
<h3 id="drill-${name}-heading">${texts.drills[name].name} ${badge(view, verdict)}</h3>
<p><strong>${texts.expected}:</strong> ${texts.drills[name].text}</p>
<p class="note">${ranText(view, record)}${attemptText(view, records.attempt)}</p>
${findingsList(view, record.findings, record.restored)}
${uncoveredList(view, record.untested)}
${eventsPart(view, texts.drills[name].name, record)}
${measurementsPart(view, record)}
${record.tables.map((table) => evidenceTable(view, table))}
</article>
`
}

function measurementsPart(view: View, record: DrillRecord): Html | undefined {
  const shown = measurementsTable(view, view.texts.measurements, record.measurements)
  return shown === undefined ? undefined : html`<h4>${view.texts.measurements}</h4>${shown}`
}

/** When, where and for how long. */
export function ranText(view: View, record: Pick<DrillRecord, 'startedAt' | 'endedAt' | 'on'>): string {
  const { texts, numbers } = view
  const ms = Date.parse(record.endedAt) - Date.parse(record.startedAt)
  return texts.ran(whenOf(view, record), texts.on[record.on], numbers.quantity(Math.round(ms / 100) / 10, 's'))
}

/** That a later attempt came to nothing; nothing where there is none. */
export function attemptText(view: View, attempt: Pick<DrillRecord, 'endedAt' | 'state'> | undefined): string {
  if (attempt === undefined) return ''
  const { texts } = view
  const state = attempt.state === 'complete' ? texts.reason['no limit'] : texts.reason[attempt.state]
  return ` ${texts.attempt(whenOf(view, attempt), state)}`
}
