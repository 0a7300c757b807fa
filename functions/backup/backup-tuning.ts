import type { Cluster } from '../../config/cluster.ts'
import type { BackupOptions } from './backup.ts'

/** How the engine works. */
export type BackupTuning = Pick<BackupOptions, 'workers' | 'compressionLevel' | 'lockWaitSeconds' | 'rolePasswords'>

const defaults: BackupTuning = { workers: 2, compressionLevel: 1, lockWaitSeconds: 30, rolePasswords: false }

/** As the definition says, else as suits two cores. */
export function definedTuning(definition: Cluster | undefined): BackupTuning {
  if (definition === undefined) return defaults
  const { workers, compressionLevel, passwordVerifiers } = definition.backup
  return { ...defaults, workers, compressionLevel, rolePasswords: passwordVerifiers }
}
