import type { DirectConnection } from '../../config/derive.ts'
import { type ListedSet, listSets } from '../../functions/archive/catalogue.ts'
import { isProven } from '../../functions/archive/catalogue-evidence.ts'
import type { SetAddress } from '../../functions/archive/keys.ts'
import type { Manifest } from '../../functions/archive/manifest.ts'
import { startedMs } from '../../functions/archive/set-time.ts'
import { backup } from '../../functions/backup/backup.ts'
import { definedTuning } from '../../functions/backup/backup-tuning.ts'
import { Failure } from '../../functions/platform/failure.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import { definedConnection } from '../../functions/runtime/definition/defined-connection.ts'
import { definedIdentity } from '../../functions/runtime/definition/defined-identity.ts'
import { withStore } from '../../functions/runtime/with-store.ts'
import { verify } from '../../functions/verify/verify.ts'
import type { Site } from '../sites/site.ts'
import type { DrillScene } from './drill.ts'

/** The database that drills work in, with how backups reach it. */
function drilledDatabase({ cluster }: Site) {
  const [database] = cluster.databases
  if (database !== undefined) return database
  throw new Failure('the definition has no database', {
    ...{ kind: 'config', subject: 'databases', hint: 'Give the definition a database: drills work in the first one.' },
  })
}

/** Backs the drills' database up as the schedule does: from the same server, with the same settings, into the same store. */
export async function backUpNow(
  { site, signal }: Pick<DrillScene, 'site' | 'signal'>,
  store: StoreSettings,
  onProgress: () => void = () => undefined,
): Promise<Manifest> {
  const { cluster, env } = site
  const connection = await backupConnection(site)
  return await backup({ ...definedTuning(cluster), connection, store, cluster: cluster.name, env, signal, onProgress })
}

/** How backups reach the drills' database, with the password as it is now. */
export async function backupConnection(site: Site): Promise<ConnectionSettings> {
  const { name, connection } = drilledDatabase(site)
  // The definition is frozen all through; nothing here writes to it.
  return await definedConnection(connection as DirectConnection, name, site.env)
}

/** Every set of the drills' database in a store. */
export async function setsOf(
  { site, signal }: Pick<DrillScene, 'site' | 'signal'>,
  store: StoreSettings,
): Promise<ListedSet[]> {
  const filter = { cluster: site.cluster.name, database: drilledDatabase(site).name }
  return await withStore(store, (open, readStart) => listSets(open, filter, { readStart, signal }))
}

/** When the snapshot of the newest verified set was taken, in milliseconds since the epoch; undefined where there is none. */
export function newestVerifiedMs(sets: readonly ListedSet[]): number | undefined {
  const proven = sets.filter((set) => set.state === 'complete').filter(({ verified }) => isProven(verified))
  return proven.length === 0 ? undefined : Math.max(...proven.map(startedMs))
}

/** Makes a set and proves it; whatever keeps it from being proven becomes a finding. */
export async function publishProven(scene: DrillScene, store: StoreSettings): Promise<SetAddress> {
  const { record, site, signal } = scene
  const { summary } = await backUpNow(scene, store)
  const { cluster, database, set } = summary
  record.event('setPublished', set)
  const identity = await definedIdentity(site.cluster, site.env)
  const opened = { store, jobs: 2, env: site.env, signal, ...(identity && { identity }) }
  const { equal, findings, notChecked } = await verify({ ...opened, address: { cluster, database, set } })
  record.event('setVerified', equal ? 'equal' : 'different')
  for (const { subject, problem } of findings) record.finding(`Verification of ${set}: ${subject} ${problem}`)
  for (const what of notChecked) record.finding(`Verification of ${set} did not check: ${what}`)
  return { cluster, database, set }
}
