import { nextDueMs, runsPerDay } from '../../config/due.ts'
import type { TimetableEntry } from '../../config/timetable.ts'
import { type HistorySeries, lastDays } from '../runtime/history/series.ts'
import type { StatusFacts } from './status-facts.ts'
import type { OperationStatus } from './status-report.ts'
import { goodPolls, uptimeDays } from './uptime.ts'

type Facts = Pick<StatusFacts, 'defined' | 'history' | 'historyDays' | 'asOfMs' | 'timeZone'>

/** The making of the status is not a part of it: it would only ever say that it is being made. */
const itself = 'status'
/** People do drills: they have a place of their own. */
const byPeople = 'rehearse'

/** Every operation of the timetable in its order, then what the history knows beside them. */
export function operationStatuses(facts: Facts): OperationStatus[] {
  const entries = (facts.defined?.timetable ?? []).filter(({ operation }) => operation !== itself && operation !== byPeople)
  const series = 'value' in facts.history ? facts.history.value.series : []
  const seriesOf = ({ operation, slot }: TimetableEntry) =>
    series.find((one) => one.operation === operation && one.slot === slot)
  const known = entries.map((entry) => ({ entry, series: seriesOf(entry) }))
  const others = series.filter((one) => one.operation !== itself && !known.some(({ series: taken }) => taken === one))
  return [
    ...known.map(({ entry, series: own }) => operationStatus(entry, own, facts)),
    ...others.map((own) => operationStatus(undefined, own, facts)),
  ]
}

function operationStatus(
  entry: TimetableEntry | undefined,
  series: HistorySeries | undefined,
  { asOfMs, timeZone, historyDays }: Facts,
): OperationStatus {
  const slot = entry?.slot ?? series?.slot
  const days = series?.days ?? lastDays(historyDays, asOfMs).map((day) => ({ day, polls: 0 }))
  const nextMs = entry && nextDueMs(entry.when, timeZone, asOfMs)
  return {
    operation: entry?.operation ?? series?.operation ?? '',
    ...(slot === undefined ? {} : { slot }),
    ...(entry === undefined ? {} : { schedule: entry.when.text }),
    ...(series === undefined ? {} : { last: series.last }),
    ...(series?.lastGoodMs === undefined ? {} : { lastGoodMs: series.lastGoodMs }),
    ...(nextMs === undefined ? {} : { nextMs }),
    polls: days.reduce((sum, { polls }) => sum + polls, 0),
    goodPolls: days.reduce((sum, day) => sum + goodPolls(day), 0),
    daysWithoutData: days.filter(({ polls }) => polls === 0).length,
    days: uptimeDays(days, entry && runsPerDay(entry.when), asOfMs),
  }
}

/** When a database is backed up next. */
export function nextBackupMs(
  database: string,
  { defined, timeZone, asOfMs }: Pick<Facts, 'defined' | 'timeZone' | 'asOfMs'>,
): number | undefined {
  const own = (defined?.timetable ?? []).filter(
    ({ operation, databases }) => operation === 'backup' && databases?.includes(database),
  )
  const times = own.map(({ when }) => nextDueMs(when, timeZone, asOfMs))
  return times.length === 0 ? undefined : Math.min(...times)
}
