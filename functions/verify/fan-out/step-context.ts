import type { Cluster } from '../../../config/cluster.ts'
import type { SetAddress } from '../../archive/keys.ts'
import { Failure } from '../../platform/failure.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { resolveConnection } from '../../platform/postgres/connection.ts'
import type { ConnectionSettings } from '../../platform/postgres/settings.ts'
import { readSecret } from '../../platform/secrets/read-secret.ts'
import { atPath } from '../../runtime/definition/at-path.ts'

/** What every step is given. */
export interface StepContext {
  store: ObjectStore
  cluster: Cluster
  address: SetAddress
  /** The new database that stays; null for a verification, which drops its own. */
  as: string | null
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  /** When the call began, and when its process will be ended, in milliseconds since the epoch. */
  beganMs: number
  deadlineMs: number
  note(line: string): void
}

/** The server that `backup.verify.into` names; undefined where it names none. */
export async function definedTarget(
  { backup }: Pick<Cluster, 'backup'>,
  env: NodeJS.ProcessEnv,
): Promise<ConnectionSettings | undefined> {
  const { into } = backup.verify
  if (into === undefined) return undefined
  return await atPath('backup.verify.into', async () => resolveConnection(await readSecret(into, env), env))
}

/** The server that a run restores into. */
export async function requiredTarget({ cluster, env }: Pick<StepContext, 'cluster' | 'env'>): Promise<ConnectionSettings> {
  const target = await definedTarget(cluster, env)
  if (target !== undefined) return target
  throw new Failure('the definition names no server to restore into', {
    ...{ kind: 'config', subject: 'backup.verify.into', code: 'NoTarget' },
    hint: 'Set backup.verify.into to the address of a server that has room for the set.',
  })
}
