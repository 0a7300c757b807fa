import { type Html, html } from '../../runtime/page/html.ts'
import type { ReplicationStatus } from '../status-report.ts'
import { type LagPoint, lagBars, lagLine, lagScale } from './lag-chart.ts'
import type { View } from './view.ts'

const quarterMs = 15 * 60_000
const quartersShown = 96
const hourMs = 3_600_000

/** How far the standbys are behind, now and before; nothing where there are none. */
export function replicationSection(view: View): Html | undefined {
  const { texts, report } = view
  const { replication } = report
  if (replication === undefined) return undefined
  return html`<section aria-labelledby="replication"><h2 id="replication">${texts.replication}</h2>${nowFacts(view, replication)}<h3>${texts.behindBy}: ${texts.last24Hours.toLocaleLowerCase()}</h3>${dayChart(view, replication)}<h3>${texts.lastDays(report.historyDays)}</h3>${daysChart(view, replication)}</section>`
}

function nowFacts({ report, texts, format }: View, replication: ReplicationStatus): Html {
  const { now, lastPollMs, expectedStandbys, maxLagBytes, maxLagSeconds } = replication
  const lag = lagText(format.bytes, format.seconds, now?.lagBytes, now?.lagSeconds) ?? texts.unknown
  const limit = lagText(format.bytes, format.seconds, maxLagBytes, maxLagSeconds)
  const poll = lastPollMs === undefined ? texts.never : texts.ago(format.age((report.asOfMs - lastPollMs) / 1000))
  const fact = (name: string, value: string): Html => html`<div><dt>${name}</dt><dd><strong>${value}</strong></dd></div>`
  const pausedSinceMs = now?.replayPausedSeconds === undefined ? undefined : now.atMs - now.replayPausedSeconds * 1000
  const paused = pausedSinceMs === undefined ? undefined : fact(texts.pausedForBackup, format.time(pausedSinceMs))
  return html`<dl class="facts">${fact(texts.lagNow, lag)}${limit === undefined ? undefined : fact(texts.lagLimit, limit)}${expectedStandbys === undefined ? undefined : fact(texts.standbys, format.count(expectedStandbys))}${paused}${fact(texts.lastPoll, poll)}</dl>`
}

function lagText(
  bytesText: (bytes: number) => string,
  secondsText: (seconds: number) => string,
  bytes: number | undefined,
  seconds: number | undefined,
): string | undefined {
  if (bytes === undefined) return undefined
  return seconds === undefined ? bytesText(bytes) : `${bytesText(bytes)} · ${secondsText(seconds)}`
}

function dayChart(view: View, { quarters, maxLagBytes }: ReplicationStatus): Html {
  const { report, texts, format } = view
  const lastStartMs = Math.floor(report.asOfMs / quarterMs) * quarterMs
  const starts = Array.from({ length: quartersShown }, (_, index) => lastStartMs - (quartersShown - 1 - index) * quarterMs)
  const known = new Map(quarters.map(({ startMs, worstLagBytes }) => [startMs, worstLagBytes]))
  const points = starts.map((startMs) => known.get(startMs))
  const worst = worstText(view, points, maxLagBytes, (index) => format.time(starts[index] ?? 0))
  if (worst === undefined) return html`<p>${texts.noLagData}</p>`
  const ticks = [24, 18, 12, 6].map((hours) => html`<span>${format.clock(report.asOfMs - hours * hourMs)}</span>`)
  return html`${lagLine(points, maxLagBytes, texts.lagChart(worst))}<div class="axis" aria-hidden="true">${ticks}<span>${texts.nowLabel}</span></div><p class="small">${worst}</p>`
}

function daysChart(view: View, { days, maxLagBytes }: ReplicationStatus): Html {
  const { texts, format } = view
  const points = days.map(({ worstLagBytes }) => worstLagBytes)
  const worst = worstText(view, points, maxLagBytes, (index) => format.day(days[index]?.day ?? ''))
  if (worst === undefined) return html`<p>${texts.noLagData}</p>`
  const first = format.day(days[0]?.day ?? '')
  return html`${lagBars(points, maxLagBytes, texts.dayChart(worst))}<div class="axis" aria-hidden="true"><span>${first}</span><span>${texts.todayLabel}</span></div><p class="small">${worst}</p>${limitLegend(view, maxLagBytes)}`
}

function limitLegend({ texts, format }: View, maxLagBytes: number | undefined): Html | undefined {
  if (maxLagBytes === undefined) return undefined
  return html`<ul class="legend"><li><svg class="wide" viewBox="0 0 24 28" aria-hidden="true"><path class="limit" d="M0 16H24"/></svg>${texts.lagLimit}: ${format.bytes(maxLagBytes)}</li></ul>`
}

/** The worst of the points and when it was; undefined where nothing is known of any. */
function worstText(
  { texts, format }: View,
  points: readonly LagPoint[],
  limitBytes: number | undefined,
  whenOf: (index: number) => string,
): string | undefined {
  let worst: { bytes: number; index: number } | undefined
  for (const [index, bytes] of points.entries()) {
    if (bytes !== undefined && (worst === undefined || bytes > worst.bytes)) worst = { bytes, index }
  }
  if (worst === undefined) return undefined
  const text = texts.worstLag(format.bytes(worst.bytes), whenOf(worst.index))
  return lagScale(points, limitBytes).isClipped ? `${text} (${texts.clipped}).` : `${text}.`
}
