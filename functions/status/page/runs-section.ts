import { type Html, html } from '../../runtime/page/html.ts'
import { cell, row, table } from '../../runtime/page/tables.ts'
import type { OperationStatus } from '../status-report.ts'
import { goodPolls } from '../uptime.ts'
import { dayStates, legendMark, uptimeStrip } from './uptime-strip.ts'
import { operationText, type View } from './view.ts'

/** Days that a strip also names in words. */
const mostNamedDays = 5

/** A row for each operation, with a bar for each day. */
export function runsSection(view: View): Html | undefined {
  const { report, texts } = view
  if (report.operations.length === 0) return undefined
  const headings = [texts.operation, texts.days(report.historyDays), texts.success, texts.lastRun, texts.nextRun]
  const rows = report.operations.map((operation) => operationRow(view, operation))
  const states = new Set(report.operations.flatMap(({ days }) => days.map(({ state }) => state)))
  const legend = dayStates
    .filter(([state]) => states.has(state))
    .map(([state, color]) => html`<li>${legendMark(state, color)}${texts.dayState[state]}</li>`)
  return html`<section aria-labelledby="runs"><h2 id="runs">${texts.runs(report.historyDays)}</h2>${table('runs', texts.runs(report.historyDays), headings, rows)}<ul class="legend">${legend}</ul><p class="small">${texts.runsNote}</p></section>`
}

function operationRow(view: View, status: OperationStatus): Html {
  const { report, texts, format } = view
  const { days, polls, goodPolls: good, daysWithoutData, nextMs, schedule } = status
  const name = operationText(view, status)
  const success = polls === 0 ? texts.dayState.none : format.percent(good / polls)
  const strip = uptimeStrip(days, texts.stripLabel(name, success, daysWithoutData))
  const counted = polls === 0 ? undefined : html` <small>${texts.goodOf(format.count(good), format.count(polls))}</small>`
  const next = nextMs === undefined ? undefined : format.time(nextMs)
  return row(name, [
    cell(texts.days(report.historyDays), html`${strip}${worstDays(view, status)}`),
    cell(texts.success, html`${success}${counted}`),
    cell(texts.lastRun, lastCell(view, status)),
    cell(texts.nextRun, html`${next ?? (schedule === undefined ? texts.notScheduled : '–')}`),
  ])
}

function lastCell({ report, texts, format }: View, { last }: OperationStatus): Html | string {
  if (last === undefined) return texts.noRuns
  const ago = texts.ago(format.age((report.asOfMs - last.atMs) / 1000))
  const result = texts.result[last.result]
  return last.result === 'good'
    ? html`${ago} <small>${result}</small>`
    : html`${ago} <span class="badge attention">${result}</span>`
}

/** The worst days in words: a bar is small, and not everybody sees it. */
function worstDays({ texts, format }: View, { days }: OperationStatus): Html | undefined {
  const worst = days
    .filter((day) => day.polls > goodPolls(day))
    .toSorted((a, b) => goodPolls(a) / a.polls - goodPolls(b) / b.polls)
    .slice(0, mostNamedDays)
    .sort((a, b) => (a.day < b.day ? -1 : 1))
  if (worst.length === 0) return undefined
  const list = worst.map((day) => `${format.day(day.day)} (${format.percent(goodPolls(day) / day.polls)})`).join(', ')
  return html`<small>${texts.worstDays(list)}</small>`
}
