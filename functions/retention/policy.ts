import { Failure } from '../platform/failure.ts'

/** How many periods of each kind keep their newest verified set. */
export interface KeepRules {
  last?: number | undefined
  hourly?: number | undefined
  daily?: number | undefined
  weekly?: number | undefined
  monthly?: number | undefined
  yearly?: number | undefined
  /** Keeps everything that is younger, by this many seconds, than the newest verified set. */
  withinSeconds?: number | undefined
}

/** What a store keeps. */
export interface RetentionPolicy {
  keep: KeepRules
  /** Verified sets of each database that are kept whatever the rules say; at least 1. */
  floor: number
  /** Whose days, weeks, months and years are meant. */
  timeZone: string
}

/**
 * Refuses a policy that would keep nothing but the floor.
 *
 * @throws Failure of kind `config`.
 */
export function refuseEmptyPolicy({ keep, floor }: RetentionPolicy): void {
  const keepsSome = Object.values(keep).some((value) => value !== undefined && value > 0)
  if (keepsSome && floor >= 1) return
  throw new Failure(keepsSome ? 'the floor of a retention policy is under 1' : 'the retention policy keeps nothing', {
    kind: 'config',
    subject: 'retention',
    hint: 'Give at least one rule, such as --keep-daily 7 or backup.retention.keep: { daily: 7 } in the definition.',
  })
}
