import { type Html, html } from '../../runtime/page/html.ts'
import type { View } from './view.ts'

/** Alerts that are open; nothing where none are sent. */
export function alertsSection({ report, texts, format }: View): Html | undefined {
  const { openAlerts } = report
  if (openAlerts === undefined) return undefined
  const items = openAlerts.map(
    ({ name, subject, severity, summary, sinceMs }) =>
      html`<li><span><span class="badge ${severity === 'critical' ? 'attention' : 'warn'}">${texts.concernStatus[severity === 'critical' ? 'fail' : 'warn']}</span></span><div>${name}: ${subject}<small>${texts.since(format.time(sinceMs))}. ${summary}</small></div></li>`,
  )
  const content = items.length === 0 ? html`<p>${texts.noAlerts}</p>` : html`<ul class="concerns">${items}</ul>`
  return html`<section aria-labelledby="alerts"><h2 id="alerts">${texts.openAlerts}</h2>${content}</section>`
}
