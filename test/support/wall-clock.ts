import type { When } from '../../config/index.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** Long enough for every 29th of February. */
const searchedDays = 9 * 366

/** What a zone's clock shows, by the platform's own knowledge of time zones. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat
  readonly #offsets = new Map<number, number>()

  constructor(timeZone: string) {
    const numeric = 'numeric' as const
    this.#format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23' as const },
      ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
    })
  }

  /** How far the clock is ahead of UTC at an instant, in milliseconds. */
  offsetMs(instantMs: number): number {
    const known = this.#offsets.get(instantMs)
    if (known !== undefined) return known
    const parts = new Map(this.#format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
    const offset = shown - instantMs
    this.#offsets.set(instantMs, offset)
    return offset
  }

  /** The instants at which the clock shows a time (given as if it were UTC): none where it is skipped, two where it comes twice. */
  instants(shownMs: number): number[] {
    const offsets = new Set([this.offsetMs(shownMs - dayMs), this.offsetMs(shownMs + dayMs)])
    return [...offsets]
      .map((offset) => shownMs - offset)
      .filter((instant) => instant + this.offsetMs(instant) === shownMs)
      .sort((a, b) => a - b)
  }
}

/**
 * The first runs of a schedule after an instant, read off the definition's own fields, day by day on the zone's clock. A time
 * that comes twice counts once, unless `twice`.
 */
export function nextRuns(when: When, clock: WallClock, afterMs: number, count: number, twice: boolean): number[] {
  const runs: number[] = []
  const firstDay = Math.floor((afterMs + clock.offsetMs(afterMs)) / dayMs) * dayMs
  for (let day = 0; day < searchedDays && runs.length < count; day++) {
    const date = new Date(firstDay + day * dayMs)
    const matches =
      when.months.includes(date.getUTCMonth() + 1) &&
      when.daysOfMonth.includes(date.getUTCDate()) &&
      when.weekdays.includes(date.getUTCDay())
    if (!matches) continue
    const instants = when.hours.flatMap((hour) =>
      when.minutes.flatMap((minute) => {
        const found = clock.instants(date.getTime() + (hour * 60 + minute) * minuteMs)
        return twice ? found : found.slice(0, 1)
      }),
    )
    runs.push(...instants.filter((instant) => instant > afterMs).sort((a, b) => a - b))
  }
  return runs.slice(0, count)
}
