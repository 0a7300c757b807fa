import { type Html, html } from '../../../functions/runtime/page/html.ts'
import type { RunEvent } from '../../records/run-facts.ts'
import type { RunRecord } from '../../records/verdict.ts'
import { timeline } from '../charts/timeline.ts'
import { wide } from './parts.ts'
import { keyText, type View } from './view.ts'

/** What happened in a run: a line of time, and what each number on it was. Nothing where nothing was noted. */
export function eventsPart(view: View, testName: string, record: RunRecord): Html | undefined {
  const { texts, numbers } = view
  const { kind, name, events, startedAt, endedAt } = record
  if (events.length === 0) return undefined
  const ordered = events.toSorted((a, b) => a.atMs - b.atMs)
  const totalMs = Date.parse(endedAt) - Date.parse(startedAt)
  const drawing = timeline({
    ...{ id: `${kind}-${name}-timeline`, title: texts.timeline, totalMs, startName: texts.start },
    ...{ eventsMs: ordered.map(({ atMs }) => atMs), endName: `${texts.end} ${numbers.after(totalMs)}` },
    description: texts.timelineText(ordered.length, numbers.quantity(Math.round(totalMs / 100) / 10, 's')),
  })
  const items = ordered.map((one) => eventItem(view, one))
  return html`<h4>${texts.timeline}</h4><figure>${wide(`${texts.timeline}: ${testName}`, drawing)}</figure><ol class="events">${items}</ol>`
}

function eventItem({ keys, numbers }: View, { atMs, key, detail }: RunEvent): Html {
  const more = detail === '' ? undefined : html` <small>${keyText(keys.values, detail)}</small>`
  return html`<li><span class="after">${numbers.after(atMs)}</span> ${keyText(keys.events, key)}${more}</li>`
}
