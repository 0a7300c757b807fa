import { formatBytes } from '../../functions/platform/quantities.ts'
import type { Measurement, Unit } from '../../handover/records/measurement.ts'
import { keyTextsOf } from '../../handover/texts/languages.ts'
import { formatCount } from './format.ts'

const names: Readonly<Record<string, { name: string }>> = keyTextsOf('en').measurements

/** What the report calls a measurement; its key where no text is known of it. */
export function measurementName(key: string): string {
  return names[key]?.name ?? key
}

/** A number with its unit: `186 ms`, `50/s`, `2.3 MB`. */
export function valueText(value: number, unit: Unit): string {
  if (unit === 'bytes') return formatBytes(value)
  if (unit === 'count') return formatCount(value)
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2
  const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }).format(value)
  return unit === '/s' ? `${number}/s` : `${number} ${unit}`
}

/** `at most 200 ms`; nothing where there is no limit. */
export function limitText({ limit, unit }: Pick<Measurement, 'limit' | 'unit'>): string {
  return limit === undefined ? '' : `${limit.is} ${valueText(limit.value, unit)}`
}
