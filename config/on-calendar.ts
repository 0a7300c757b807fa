import type { Cluster } from './cluster.ts'
import { sameMinutesInUtc } from './utc-minutes.ts'

type When = Cluster['backup']['verify']['schedule']

const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/**
 * A schedule as systemd writes it (`OnCalendar=`). All five fields must match, in the definition as in systemd. Where a clock
 * is put back, systemd passes over the hour that comes twice, so that what runs around the clock is written in UTC.
 */
export function onCalendar(when: When, timeZone: string): string {
  const weekdays = when.weekdays.length === 7 ? '' : `${when.weekdays.map((day) => weekdayNames[day]).join(',')} `
  const date = `*-${field(when.months, 1, 12)}-${field(when.daysOfMonth, 1, 31)}`
  const time = `${field(when.hours, 0, 23)}:${field(when.minutes, 0, 59)}:00`
  return `${weekdays}${date} ${time} ${sameMinutesInUtc(when, timeZone) ? 'UTC' : timeZone}`
}

/**
 * Sorted values as `*`, `1..5`, `00..45/15` or `1,4,7`. The last value of a step is always named: systemd 252 passes over runs
 * at the end of a month where it is left open (`00/15`).
 */
function field(values: readonly number[], min: number, max: number): string {
  const [first = min, second = first] = values
  if (values.length === max - min + 1) return '*'
  const step = second - first
  const even = values.length > 2 && values.every((value, index) => value === first + index * step)
  if (!even) return values.map(padded).join(',')
  return `${padded(first)}..${padded(first + (values.length - 1) * step)}${step === 1 ? '' : `/${step}`}`
}

function padded(value: number): string {
  return String(value).padStart(2, '0')
}
