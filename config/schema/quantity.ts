import type { z } from 'zod'
import { type Cidr, parseAddress, parseCidr } from '../network.ts'
import { formatBytes, formatDurationMs, parseBytes, parseDurationMs, parsePercent, parsePerSecond } from '../units.ts'
import { quote, refuse, type Verdict } from '../verdict.ts'
import { parseWhen, type When } from '../when.ts'
import { leaf } from './leaf.ts'

/** A number that a section stores under its key plus the unit: `maxLag: '10 MB'` becomes `maxLagBytes`. */
export type Quantity<U extends string> = z.ZodType<number, string> & { readonly unit: U }

interface Bounds {
  min?: string
  max?: string
}

interface UnitRules<U extends string> {
  unit: U
  parse: (raw: unknown) => Verdict<number>
  format: (value: number) => string
  /** Base units in one unit of the result: 1000 where milliseconds become seconds. */
  divisor?: number
}

function quantity<U extends string>(
  { unit, parse, format, divisor = 1 }: UnitRules<U>,
  example: string,
  bounds: Bounds,
): Quantity<U> {
  const limit = (text: string | undefined) => {
    const verdict = text === undefined ? undefined : parse(text)
    return verdict !== undefined && 'value' in verdict ? verdict.value : undefined
  }
  const [min, max] = [limit(bounds.min), limit(bounds.max)]
  const schema = leaf<number, string>(`'${example}'`, (raw) => {
    const verdict = parse(raw)
    if (!('value' in verdict)) return verdict
    const { value } = verdict
    if (min === undefined && value === 0) return refuse('must be more than zero', `write e.g. '${example}'`)
    if (min !== undefined && value < min)
      return refuse(`${quote(raw)} is under the least, ${format(min)}`, `write e.g. '${example}'`)
    if (max !== undefined && value > max)
      return refuse(`${quote(raw)} is over the most, ${format(max)}`, `write e.g. '${example}'`)
    return { value: value / divisor }
  })
  return Object.assign(schema, { unit })
}

/** A size, stored in bytes. Zero is refused unless a least is given. */
export function bytes(example: string, bounds: Bounds = {}): Quantity<'Bytes'> {
  return quantity({ unit: 'Bytes', parse: parseBytes, format: formatBytes }, example, bounds)
}

/** A duration, stored in seconds. Zero is refused unless a least is given. */
export function seconds(example: string, bounds: Bounds = {}): Quantity<'Seconds'> {
  return quantity({ unit: 'Seconds', parse: parseDurationMs, format: formatDurationMs, divisor: 1000 }, example, bounds)
}

/** A duration, stored in milliseconds. Zero is refused unless a least is given. */
export function milliseconds(example: string, bounds: Bounds = {}): Quantity<'Ms'> {
  return quantity({ unit: 'Ms', parse: parseDurationMs, format: formatDurationMs }, example, bounds)
}

/** A share from 0 to 100 percent. Zero is refused unless a least is given. */
export function percent(example: string, bounds: Bounds = {}): Quantity<'Percent'> {
  return quantity({ unit: 'Percent', parse: parsePercent, format: (value) => `${value} %` }, example, bounds)
}

/** How many per second. */
export function perSecond(example: string, bounds: Bounds = {}): Quantity<'PerSecond'> {
  return quantity({ unit: 'PerSecond', parse: parsePerSecond, format: (value) => `${value} /s` }, example, bounds)
}

/** A schedule: `'every 6 hours'`, `'daily at 03:00'`, or a cron line. */
export function when(example: string): z.ZodType<When, string> {
  return leaf(`'${example}'`, parseWhen)
}

/** A network in CIDR notation. */
export function cidr(example = '10.0.0.0/24'): z.ZodType<Cidr, string> {
  return leaf(`'${example}'`, parseCidr)
}

/** An IPv4 or IPv6 address. */
export function address(): z.ZodType<string, string> {
  return leaf("'10.0.0.11'", parseAddress)
}
