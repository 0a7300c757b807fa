/** The calendar periods that one moment lies in, by the clocks of a time zone. Numbers that differ when the periods do. */
export interface LocalPeriods {
  hour: number
  day: number
  /** ISO 8601 weeks, which begin on Monday. */
  week: number
  month: number
  year: number
  /** The local date and hour, for people: 2026-11-22T13. */
  text: string
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * Finds the periods of moments in a time zone, in milliseconds since the epoch. The repeated hour when clocks go back is
 * one hour, as restic counts it.
 */
export function periodsIn(timeZone: string): (ms: number) => LocalPeriods {
  const offsetAt = knownZones.get(timeZone) ?? offsetsIn(timeZone)
  knownZones.set(timeZone, offsetAt)
  return (ms) => {
    const local = ms + offsetAt(ms)
    const day = Math.floor(local / dayMs)
    const date = new Date(local)
    const year = date.getUTCFullYear()
    return {
      hour: Math.floor(local / hourMs),
      day,
      // The epoch was a Thursday.
      week: Math.floor((day + 3) / 7),
      month: year * 12 + date.getUTCMonth(),
      year,
      text: date.toISOString().slice(0, 13),
    }
  }
}

const knownZones = new Map<string, (ms: number) => number>()

/** Asking Intl takes microseconds; most days have one offset, which is then remembered. */
function offsetsIn(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  const offsetOf = (ms: number): number => {
    const whole = Math.floor(ms / 1000) * 1000
    const parts = new Map(format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
    return shown - whole
  }
  const byDay = new Map<number, number | undefined>()
  return (ms) => {
    const day = Math.floor(ms / dayMs)
    if (!byDay.has(day)) {
      const first = offsetOf(day * dayMs)
      byDay.set(day, first === offsetOf((day + 1) * dayMs) ? first : undefined)
    }
    return byDay.get(day) ?? offsetOf(ms)
  }
}
