/** Whether this machine knows a time zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** How far the clocks of a zone are ahead of UTC at a moment, both in milliseconds. */
export type OffsetAt = (ms: number) => number

const dayMs = 86_400_000
const knownZones = new Map<string, OffsetAt>()

/** The offsets of a time zone that this machine knows. */
export function zoneOffsets(timeZone: string): OffsetAt {
  const known = knownZones.get(timeZone) ?? offsetsIn(timeZone)
  knownZones.set(timeZone, known)
  return known
}

/** Asking Intl takes microseconds; most days have one offset, which is then remembered. */
function offsetsIn(timeZone: string): OffsetAt {
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
