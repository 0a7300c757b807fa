import type { Cluster } from '../../config/cluster.ts'
import { parseDurationMs } from '../../config/units.ts'
import type { BackupOptions } from '../../functions/backup/backup.ts'
import { configFailure } from './config-failure.ts'

/** What `ballast backup` may be told about how to work. */
export interface BackupTuning {
  workers?: number
  compressionLevel?: number
  lockWait?: string
  rolePasswords?: boolean
}

type EngineTuning = Pick<BackupOptions, 'workers' | 'compressionLevel' | 'lockWaitSeconds' | 'rolePasswords'>

const defaults: EngineTuning = { workers: 2, compressionLevel: 1, lockWaitSeconds: 30, rolePasswords: false }

/** How the engine is to work: as the options say, else as the definition does, else as suits two cores. */
export function backupTuning(options: BackupTuning, definition: Cluster | undefined): EngineTuning {
  const { backup } = definition ?? {}
  return {
    workers: options.workers ?? backup?.workers ?? defaults.workers,
    compressionLevel: options.compressionLevel ?? backup?.compressionLevel ?? defaults.compressionLevel,
    lockWaitSeconds:
      options.lockWait === undefined ? defaults.lockWaitSeconds : durationSeconds('--lock-wait', options.lockWait),
    rolePasswords: options.rolePasswords ?? backup?.passwordVerifiers ?? defaults.rolePasswords,
  }
}

/** The seconds of a duration such as `'2 days'`; the option's name is for the Failure. */
export function durationSeconds(option: string, text: string): number {
  const verdict = parseDurationMs(text)
  if ('value' in verdict) return verdict.value / 1000
  throw configFailure(`${option}: ${verdict.rule}`, option, `Correct it: ${verdict.fix}.`)
}
