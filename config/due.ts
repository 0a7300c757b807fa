import { zoneOffsets } from './time-zone.ts'
import type { When } from './when.ts'

type Schedule = Pick<When, 'minutes' | 'hours' | 'daysOfMonth' | 'months' | 'weekdays'>
/** As a frozen definition holds it. */
type ReadonlySchedule = { readonly [Field in keyof Schedule]: readonly number[] }

const minuteMs = 60_000
const dayMs = 86_400_000
/** A 29th of February may be eight years away (1896, 1904). */
const searchedDays = 8 * 366 + 2
/** No clock is changed by more than this. */
const widestChangeMs = 26 * 3_600_000

/**
 * The latest instant of a schedule at or before a moment, both in milliseconds since the epoch.
 *
 * Where clocks go back, a time that comes twice is meant once, the first time, unless the schedule runs in every hour: then
 * elapsed time counts, and it is due both times. Where clocks go forward, a time that is left out is due at the end of the
 * gap. systemd does the same, but passes over what lies in a gap.
 *
 * @throws RangeError for a schedule that has no instant in the eight years before.
 */
export function latestDueMs(schedule: ReadonlySchedule, timeZone: string, nowMs: number): number {
  const instantsOf = instantsIn(timeZone, schedule.hours.length === 24)
  const offsetAt = zoneOffsets(timeZone)
  const today = Math.floor((nowMs + offsetAt(nowMs)) / dayMs)
  // A day begins earlier than the one before it ends, where a clock goes back at midnight.
  let latest = Number.NEGATIVE_INFINITY
  for (let day = today + 1; day >= today - searchedDays; day--) {
    const before = latest
    for (const localMs of localTimes(schedule, day)) {
      for (const instantMs of instantsOf(localMs)) if (instantMs <= nowMs) latest = Math.max(latest, instantMs)
    }
    if (before !== Number.NEGATIVE_INFINITY) return latest
  }
  throw new RangeError('the schedule has no instant')
}

/**
 * The first instant of a schedule after a moment, both in milliseconds since the epoch; clocks that change are met as above.
 *
 * @throws RangeError for a schedule that has no instant in the eight years after.
 */
export function nextDueMs(schedule: ReadonlySchedule, timeZone: string, afterMs: number): number {
  const instantsOf = instantsIn(timeZone, schedule.hours.length === 24)
  const today = Math.floor((afterMs + zoneOffsets(timeZone)(afterMs)) / dayMs)
  let next = Number.POSITIVE_INFINITY
  for (let day = today - 1; day <= today + searchedDays; day++) {
    const before = next
    for (const localMs of localTimes(schedule, day)) {
      for (const instantMs of instantsOf(localMs)) if (instantMs > afterMs) next = Math.min(next, instantMs)
    }
    if (before !== Number.POSITIVE_INFINITY) return next
  }
  throw new RangeError('the schedule has no instant')
}

/** How often a schedule runs on every day; undefined when it does not run on some. */
export function runsPerDay({ months, daysOfMonth, weekdays, hours, minutes }: ReadonlySchedule): number | undefined {
  const everyDay = months.length === 12 && daysOfMonth.length === 31 && weekdays.length === 7
  return everyDay ? hours.length * minutes.length : undefined
}

/** The times of one day at which a schedule runs, as milliseconds that a clock at UTC would show. */
function localTimes({ minutes, hours, daysOfMonth, months, weekdays }: ReadonlySchedule, day: number): number[] {
  const date = new Date(day * dayMs)
  const matches =
    months.includes(date.getUTCMonth() + 1) && daysOfMonth.includes(date.getUTCDate()) && weekdays.includes(date.getUTCDay())
  if (!matches) return []
  return hours.flatMap((hour) => minutes.map((minute) => day * dayMs + (hour * 60 + minute) * minuteMs))
}

/** Finds when the clocks of a zone show a time: once, never (then the end of the gap), or twice. */
function instantsIn(timeZone: string, bothTimes: boolean): (localMs: number) => number[] {
  const offsetAt = zoneOffsets(timeZone)
  return (localMs) => {
    const [before, after] = [offsetAt(localMs - widestChangeMs), offsetAt(localMs + widestChangeMs)]
    const shown = [...new Set([localMs - before, localMs - after])].filter((ms) => ms + offsetAt(ms) === localMs)
    if (shown.length === 0) return [endOfGap(localMs, offsetAt)]
    return bothTimes ? shown : [Math.min(...shown)]
  }
}

/** The first minute whose local time is past one that no clock shows. */
function endOfGap(localMs: number, offsetAt: (ms: number) => number): number {
  let [low, high] = [localMs - widestChangeMs, localMs + widestChangeMs]
  while (high - low > minuteMs) {
    const middle = low + Math.floor((high - low) / (2 * minuteMs)) * minuteMs
    if (middle + offsetAt(middle) > localMs) high = middle
    else low = middle
  }
  return high
}
