import { type Html, html } from '../../../functions/runtime/page/html.ts'
import type { LoadRecord } from '../../records/load-record.ts'
import { largest, valuesOf } from '../charts/series.ts'
import type { LoadResult } from '../model/tests.ts'
import { comparisonPart } from './comparison.ts'
import { attemptText, notRunNote, ranText } from './drill-sections.ts'
import { eventsPart } from './events-part.ts'
import { loadCharts } from './load-charts.ts'
import { pgbenchTable, pointsTable, scenariosTable } from './load-tables.ts'
import { badge, evidenceTable, findingsList, measurementsTable, section, uncoveredList } from './parts.ts'
import type { View } from './view.ts'

/** Every profile that was run: what was asked, what came of it, what the database did meanwhile. */
export function loadSection(view: View): Html {
  const { loads } = view.report
  const shown = loads.flatMap((result) => {
    const { counted } = result.records
    return counted === undefined ? [] : [loadArticle(view, result, counted)]
  })
  const missing = loads.filter(({ records }) => records.counted === undefined)
  return section(view, 'load', [...shown, ...notRunNote(view, missing)])
}

function loadArticle(view: View, { name, verdict, reason, records }: LoadResult, record: LoadRecord): Html {
  const { texts, numbers } = view
  const { ratePerSecond, plateauSeconds, seconds, virtualUsers } = record.plan
  const plan = texts.plan({
    rate: ratePerSecond === undefined ? undefined : numbers.quantity(ratePerSecond, '/s'),
    plateau: plateauSeconds === undefined ? undefined : numbers.quantity(plateauSeconds, 's'),
    ...{ duration: numbers.quantity(seconds, 's'), users: numbers.count(virtualUsers) },
  })
  const why = reason === undefined ? '' : ` ${texts.state['not run']}: ${texts.reason[reason]}.`
  return html`<article id="load-${name}" aria-labelledby="load-${name}-heading">
<h3 id="load-${name}-heading">${texts.profiles[name].name} ${badge(view, verdict)}</h3>
<p>${texts.profiles[name].text}</p>
<p class="note">${ranText(view, record)} ${plan}${why}${attemptText(view, records.attempt)}</p>
${findingsList(view, record.findings, true)}
${uncoveredList(view, record.untested)}
${measurementsPart(view, record)}
${eventsPart(view, texts.profiles[name].name, record)}
${loadCharts(view, record)}
${pointsTable(view, record)}
${scenariosTable(view, record)}
${pgbenchTable(view, record)}
${record.tables.map((one) => evidenceTable(view, one))}
${generatorPart(view, record)}
${comparisonPart(view, record, records.previous)}
</article>
`
}

function measurementsPart(view: View, record: LoadRecord): Html | undefined {
  const shown = measurementsTable(view, view.texts.measurements, record.measurements)
  return shown === undefined ? undefined : html`<h4>${view.texts.measurements}</h4>${shown}`
}

/** Whether it was the load generator that was the limit. */
function generatorPart({ texts, numbers }: View, { scenarios, points, tools }: LoadRecord): Html {
  const dropped = scenarios.reduce((sum, one) => sum + one.dropped, 0)
  const peak = largest(valuesOf(points, 'generatorCpuPercent'))
  const names = [tools.k6 && `k6 ${tools.k6}`, tools.pgbench && `pgbench ${tools.pgbench}`].filter((name) => name !== undefined)
  const facts: [string, string][] = [
    [texts.generatorText.dropped, scenarios.length === 0 ? '–' : numbers.count(dropped)],
    [texts.generatorText.peak, peak === undefined ? '–' : numbers.quantity(peak, '%')],
    [texts.generatorText.tools, names.length === 0 ? '–' : names.join(', ')],
  ]
  const items = facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)
  return html`<h4>${texts.generatorHealth}</h4><dl class="facts">${items}</dl><p class="note">${texts.generatorNote}</p>`
}
