import { zoneOffsets } from '../../config/time-zone.ts'

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
  const offsetAt = zoneOffsets(timeZone)
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
