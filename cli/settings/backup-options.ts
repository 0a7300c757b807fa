import type { Cluster } from '../../config/cluster.ts'
import { parseDurationMs } from '../../config/units.ts'
import { definedTuning, type BackupTuning as EngineTuning } from '../../functions/backup/backup-tuning.ts'
import { configFailure } from './config-failure.ts'

/** What `ballast backup` may be told about how to work. */
export interface BackupTuning {
  workers?: number
  compressionLevel?: number
  lockWait?: string
  rolePasswords?: boolean
}

/** How the engine is to work: as the options say, else as the definition does, else as suits two cores. */
export function backupTuning(options: BackupTuning, definition: Cluster | undefined): EngineTuning {
  const known = definedTuning(definition)
  return {
    workers: options.workers ?? known.workers,
    compressionLevel: options.compressionLevel ?? known.compressionLevel,
    lockWaitSeconds: options.lockWait === undefined ? known.lockWaitSeconds : durationSeconds('--lock-wait', options.lockWait),
    rolePasswords: options.rolePasswords ?? known.rolePasswords,
  }
}

/** The seconds of a duration such as `'2 days'`; the option's name is for the Failure. */
export function durationSeconds(option: string, text: string): number {
  const verdict = parseDurationMs(text)
  if ('value' in verdict) return verdict.value / 1000
  throw configFailure(`${option}: ${verdict.rule}`, option, `Correct it: ${verdict.fix}.`)
}
