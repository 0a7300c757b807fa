import type { Cluster } from '../../config/cluster.ts'
import { durationSeconds } from './backup-options.ts'
import { configFailure } from './config-failure.ts'

const option = '--older-than'
const defaultSeconds = 2 * 86_400
const leastSeconds = 3600

/** How old leftovers must be: as the option says, else the definition, else two days. Never under an hour. */
export function sweepLimitSeconds(text: string | undefined, definition: Cluster | undefined): number {
  if (text === undefined) return definition?.backup.retention.sweepAfterSeconds ?? defaultSeconds
  const seconds = durationSeconds(option, text)
  if (seconds >= leastSeconds) return seconds
  throw configFailure(
    `${option} '${text}' is under an hour`,
    option,
    'Give an hour or more: a run at work may be silent that long.',
  )
}
