import type { Cluster } from './cluster.ts'

/** Years whose offsets are looked at, as far as rules are known. */
const surveyedYears = Array.from({ length: 12 }, (_, index) => 2026 + index)

/**
 * Whether a schedule means the same minutes in UTC as in the time zone, whatever its clocks do: it runs in every hour of every
 * day, and the zone's offsets are such that its minutes stay as they are.
 */
export function sameMinutesInUtc(when: Cluster['backup']['verify']['schedule'], timeZone: string): boolean {
  const roundTheClock =
    when.hours.length === 24 && when.daysOfMonth.length === 31 && when.months.length === 12 && when.weekdays.length === 7
  return roundTheClock && offsetsMinutes(timeZone).every((offset) => sameShifted(when.minutes, offset))
}

function sameShifted(minutes: readonly number[], offset: number): boolean {
  return minutes.every((minute) => minutes.includes((((minute + offset) % 60) + 60) % 60))
}

/** The offsets from UTC that a zone has in the middle of the months to come. */
function offsetsMinutes(timeZone: string): number[] {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const offsets = new Set<number>()
  for (const year of surveyedYears) {
    for (let month = 0; month < 12; month++) offsets.add(offsetOn(format, Date.UTC(year, month, 15)))
  }
  return [...offsets]
}

/** `GMT-03:30` as -210; plain `GMT` as 0. */
function offsetOn(format: Intl.DateTimeFormat, instantMs: number): number {
  const text = format.formatToParts(instantMs).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /^GMT([+-])(\d{2}):(\d{2})/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
}
