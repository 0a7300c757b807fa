import { quote, refuse, type Verdict } from './verdict.ts'

/** Decimal and binary sizes, largest first within each kind; `formatBytes` prefers the decimal ones. */
const BYTE_UNITS = new Map([
  ['TB', 1_000_000_000_000n],
  ['GB', 1_000_000_000n],
  ['MB', 1_000_000n],
  ['kB', 1_000n],
  ['TiB', 1024n ** 4n],
  ['GiB', 1024n ** 3n],
  ['MiB', 1024n ** 2n],
  ['KiB', 1024n],
  ['B', 1n],
])

const SECOND_MS = 1000n
const MINUTE_MS = 60n * SECOND_MS
const HOUR_MS = 60n * MINUTE_MS
const DAY_MS = 24n * HOUR_MS

const DURATION_UNITS = new Map([
  ['ms', 1n],
  ['s', SECOND_MS],
  ['second', SECOND_MS],
  ['seconds', SECOND_MS],
  ['min', MINUTE_MS],
  ['minute', MINUTE_MS],
  ['minutes', MINUTE_MS],
  ['h', HOUR_MS],
  ['hour', HOUR_MS],
  ['hours', HOUR_MS],
  ['day', DAY_MS],
  ['days', DAY_MS],
  ['week', 7n * DAY_MS],
  ['weeks', 7n * DAY_MS],
  ['year', 365n * DAY_MS],
  ['years', 365n * DAY_MS],
])

/** Units per minute, so that the sum stays whole: `'50 /s'` is 3000 a minute. */
const RATE_UNITS = new Map([
  ['/s', 60n],
  ['/min', 1n],
])

const QUANTITY = /^(\d{1,16})(?:\.(\d{1,6}))?\s*([A-Za-z/%]+)$/

/** The quantity in base units, exactly; undefined when it is malformed, not whole or beyond a safe integer. */
function scaled(text: string, units: ReadonlyMap<string, bigint>): number | undefined {
  const [, whole, fraction = '', unit] = QUANTITY.exec(text.trim()) ?? []
  const factor = unit === undefined ? undefined : units.get(unit)
  if (whole === undefined || factor === undefined) return undefined
  const divisor = 10n ** BigInt(fraction.length)
  const product = BigInt(whole + fraction) * factor
  const value = Number(product / divisor)
  return product % divisor === 0n && Number.isSafeInteger(value) ? value : undefined
}

/** `'10 MB'` (10,000,000) or `'1 GiB'` (1024^3) as whole bytes. */
export function parseBytes(raw: unknown): Verdict<number> {
  const bytes = typeof raw === 'string' ? scaled(raw, BYTE_UNITS) : undefined
  return bytes === undefined
    ? refuse(`${quote(raw)} is not a size`, "write a number and B, kB, MB, GB, TB or KiB to TiB, e.g. '10 MB'")
    : { value: bytes }
}

/** `'200 ms'`, `'6 hours'`, `'30 days'` as whole milliseconds; a year counts as 365 days. */
export function parseDurationMs(raw: unknown): Verdict<number> {
  const ms = typeof raw === 'string' ? scaled(raw, DURATION_UNITS) : undefined
  return ms === undefined
    ? refuse(`${quote(raw)} is not a duration`, "write a number and ms, s, min, hours, days, weeks or years, e.g. '6 hours'")
    : { value: ms }
}

/** `'99.9 %'` as 99.9; from 0 to 100. */
export function parsePercent(raw: unknown): Verdict<number> {
  const [, digits] = (typeof raw === 'string' && /^(\d{1,3}(?:\.\d{1,6})?)\s*%$/.exec(raw.trim())) || []
  const percent = Number(digits)
  return digits === undefined || percent > 100
    ? refuse(`${quote(raw)} is not a percentage`, "write 0 to 100 and %, e.g. '99.9 %'")
    : { value: percent }
}

/** `'50 /s'` or `'3000 /min'` as a number per second. */
export function parsePerSecond(raw: unknown): Verdict<number> {
  const perMinute = typeof raw === 'string' ? scaled(raw, RATE_UNITS) : undefined
  return perMinute === undefined
    ? refuse(`${quote(raw)} is not a rate`, "write a number and /s or /min, e.g. '50 /s'")
    : { value: perMinute / 60 }
}

/** The shortest exact text for a whole number of bytes: `10 MB`, `1 GiB`, `1025 B`. */
export function formatBytes(bytes: number): string {
  for (const [unit, factor] of BYTE_UNITS) {
    if (bytes > 0 && BigInt(bytes) % factor === 0n) return `${BigInt(bytes) / factor} ${unit}`
  }
  return `${bytes} B`
}

/** The shortest exact text for whole milliseconds: `6 hours`, `1 day`, `1500 ms`. */
export function formatDurationMs(ms: number): string {
  for (const [unit, factor] of [
    ['day', DAY_MS],
    ['hour', HOUR_MS],
    ['min', MINUTE_MS],
    ['s', SECOND_MS],
  ] as const) {
    if (ms === 0 || BigInt(ms) % factor !== 0n) continue
    const count = BigInt(ms) / factor
    return `${count} ${unit}${count > 1n && factor >= HOUR_MS ? 's' : ''}`
  }
  return `${ms} ms`
}
