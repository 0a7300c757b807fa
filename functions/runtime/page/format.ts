import type { Language } from './language.ts'

/** Numbers and times as readers of one language, in the cluster's time zone, write them. */
export interface Format {
  /** `1.3 GB`; decimal units, three digits at most. */
  bytes(bytes: number): string
  count(count: number): string
  /** `99.98 %`; never rounded up to 100. */
  percent(share: number): string
  /** `3 h`, `2 d`: one unit. */
  age(seconds: number): string
  /** `0.4 s`. */
  seconds(seconds: number): string
  /** `25 November 2026 at 13:15 GMT-3`. */
  instant(ms: number): string
  /** `25 Nov, 13:15`. */
  time(ms: number): string
  /** `13:15`. */
  clock(ms: number): string
  /** Of `2026-11-25`: `25 Nov`. */
  day(day: string): string
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** The formats of a language and a time zone. */
export function formatFor(language: Language, timeZone: string): Format {
  const number = (digits: number) => new Intl.NumberFormat(language, { maximumFractionDigits: digits })
  const [whole, tenths, hundredths] = [number(0), number(1), number(2)]
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale(language), { timeZone, ...options })
  const day = { day: '2-digit', month: language === 'en' ? 'short' : '2-digit' } as const
  const instant = date({ day: 'numeric', month: 'long', year: 'numeric', ...clock, timeZoneName: 'short' })
  const [time, hours, utcDay] = [date({ ...day, ...clock }), date(clock), date({ ...day, timeZone: 'UTC' })]
  return {
    bytes: (bytes) => {
      const unit = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes * 1.0005)) / 3)))
      const value = bytes / 1000 ** unit
      return `${(unit > 0 && value < 99.95 ? tenths : whole).format(value)} ${byteUnits[unit]}`
    },
    count: (count) => whole.format(count),
    percent: (share) => `${hundredths.format(share < 1 ? Math.floor(share * 10_000) / 100 : 100)} %`,
    age: (seconds) => {
      const minutes = Math.max(0, Math.floor(seconds / 60))
      if (minutes < 1) return `${Math.max(0, Math.floor(seconds))} s`
      if (minutes < 120) return `${minutes} min`
      return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${whole.format(Math.floor(minutes / 1440))} d`
    },
    seconds: (seconds) => `${(seconds < 10 ? tenths : whole).format(seconds)} s`,
    instant: (ms) => instant.format(ms),
    time: (ms) => time.format(ms),
    clock: (ms) => hours.format(ms),
    day: (name) => utcDay.format(Date.parse(`${name}T00:00:00Z`)),
  }
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** Day before month, as everywhere but in one country. */
function locale(language: Language): string {
  return language === 'en' ? 'en-GB' : language
}
