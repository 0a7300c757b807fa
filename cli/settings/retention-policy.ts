import type { Cluster } from '../../config/cluster.ts'
import { isTimeZone } from '../../config/time-zone.ts'
import { type KeepRules, type RetentionPolicy, refuseEmptyPolicy } from '../../functions/retention/policy.ts'
import { durationSeconds } from './backup-options.ts'
import { configFailure } from './config-failure.ts'

/** The rules as options name them. */
export interface KeepOptions {
  keepLast?: number
  keepHourly?: number
  keepDaily?: number
  keepWeekly?: number
  keepMonthly?: number
  keepYearly?: number
  keepWithin?: string
  floor?: number
  timeZone?: string
}

const defaultFloor = 3

/**
 * What to keep: the rules of the options where any is given, else the definition's; undefined where neither says anything.
 *
 * @throws Failure of kind `config` for rules that keep nothing.
 */
export function retentionPolicy(options: KeepOptions, definition: Cluster | undefined): RetentionPolicy | undefined {
  const retention = definition?.backup.retention
  const keep = givenRules(options) ?? retention?.keep
  const timeZone = options.timeZone ?? definition?.timeZone ?? 'UTC'
  if (!isTimeZone(timeZone)) {
    const fix = "Write it as tzdata does, such as 'America/Sao_Paulo'."
    throw configFailure(`there is no time zone '${timeZone}'`, '--time-zone', fix)
  }
  if (keep === undefined) {
    if (options.floor === undefined && options.timeZone === undefined) return undefined
    throw configFailure(
      '--floor and --time-zone say how to keep, and nothing says what',
      '--keep-*',
      'Add a rule, such as --keep-daily 7.',
    )
  }
  const policy = { keep, floor: options.floor ?? retention?.floor ?? defaultFloor, timeZone }
  refuseEmptyPolicy(policy)
  return policy
}

function givenRules(options: KeepOptions): KeepRules | undefined {
  const { keepLast, keepHourly, keepDaily, keepWeekly, keepMonthly, keepYearly, keepWithin } = options
  const rules: KeepRules = {
    ...{ last: keepLast, hourly: keepHourly, daily: keepDaily, weekly: keepWeekly, monthly: keepMonthly, yearly: keepYearly },
    withinSeconds: keepWithin === undefined ? undefined : durationSeconds('--keep-within', keepWithin),
  }
  return Object.values(rules).some((value) => value !== undefined) ? rules : undefined
}
