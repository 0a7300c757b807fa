import type { Cluster } from '../../../config/cluster.ts'
import type { DirectConnection } from '../../../config/derive.ts'
import type { SourceServer } from '../../archive/run-state.ts'
import { Failure } from '../../platform/failure.ts'
import type { StoreSettings } from '../../platform/object-store/settings.ts'
import type { ConnectionSettings } from '../../platform/postgres/settings.ts'
import { atPath } from '../../runtime/definition/at-path.ts'
import { definedConnection } from '../../runtime/definition/defined-connection.ts'
import { sourceConnection } from './paused-replica.ts'
import type { RunPlace } from './run-store.ts'

/** What every step of a run is given. */
export interface StepContext {
  place: RunPlace
  store: StoreSettings
  cluster: Cluster
  env: NodeJS.ProcessEnv
  /** When the step's process will be ended, in milliseconds since the epoch. */
  deadlineMs: number
  note(line: string): void
}

/** The connection of a run to its database, as the definition has it, with its password. */
export async function databaseConnection(cluster: Cluster, name: string, env: NodeJS.ProcessEnv): Promise<ConnectionSettings> {
  const { databases } = cluster
  const index = databases.findIndex((one) => one.name === name)
  const database = databases[index]
  if (database === undefined) throw unknownDatabase(name)
  // The definition is frozen all through; nothing here writes to it.
  const direct = database.connection as DirectConnection
  return sourceConnection(cluster, await atPath(`databases[${index}].connection`, () => definedConnection(direct, name, env)))
}

/** The connection to the one server that holds the run's snapshot, whichever of several hosts answers first now. */
export async function snapshotConnection(
  { place, cluster, env }: StepContext,
  { host, port, hostaddr }: SourceServer,
): Promise<ConnectionSettings> {
  const { hostPasswords, ...settings } = await databaseConnection(cluster, place.address.database, env)
  const index = settings.hosts.findIndex((one) => one.host === host && one.port === port)
  const password = settings.password ?? hostPasswords?.[index]
  const only = { host, port, ...(hostaddr === undefined ? {} : { hostaddr }) }
  return { ...settings, hosts: [only], ...(password === undefined ? {} : { password }) }
}

function unknownDatabase(name: string): Failure {
  return new Failure(`the definition has no database "${name}"`, {
    ...{ kind: 'config', subject: 'databases', code: 'NoSuchDatabase' },
    hint: 'Deploy all functions from the definition that the run was begun with.',
  })
}
