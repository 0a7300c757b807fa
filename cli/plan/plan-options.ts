import { parseBytes, parseDurationMs, parsePercent } from '../../config/units.ts'
import type { Verdict } from '../../config/verdict.ts'
import type { CommonOptions } from '../options.ts'
import { configFailure } from '../settings/config-failure.ts'

/** What `ballast plan` was asked for. */
export interface PlanOptions extends CommonOptions {
  size: string
  tables: number
  largest?: string
  uncut?: string
  connections?: number
  rate?: string
  stored?: string
  storeRate?: string
  latency?: string
  start?: string
  walRate?: string
  prices?: string
}

/** The bytes of `10TB`. @throws Failure of kind `config` that names the option. */
export function size(option: string, text: string): number {
  return above0(option, text, parseBytes(text))
}

/** The bytes a second of `40MB/s`, or of `40MB`. */
export function rate(option: string, text: string): number {
  return above0(option, text, parseBytes(text.replace(/\/s$/, '')))
}

/** The seconds of `30ms`. */
export function seconds(option: string, text: string): number {
  return parsed(option, parseDurationMs(text)) / 1000
}

/** The share of `25%`. */
export function share(option: string, text: string): number {
  return above0(option, text, parsePercent(text)) / 100
}

function above0(option: string, text: string, verdict: Verdict<number>): number {
  const value = parsed(option, verdict)
  if (value > 0) return value
  throw configFailure(`${option}: ${text} is nothing`, option, 'Give more than zero.')
}

function parsed(option: string, verdict: Verdict<number>): number {
  if ('value' in verdict) return verdict.value
  throw configFailure(`${option}: ${verdict.rule}`, option, `Correct it: ${verdict.fix}.`)
}
