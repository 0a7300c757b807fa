import { chooseVerified } from '../../functions/archive/catalogue-find.ts'
import type { SetAddress } from '../../functions/archive/keys.ts'
import { readManifest } from '../../functions/archive/read-set.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { restore } from '../../functions/restore/restore.ts'
import { definedIdentity } from '../../functions/runtime/definition/defined-identity.ts'
import { withStore } from '../../functions/runtime/with-store.ts'
import type { Drill, DrillScene } from './drill.ts'
import { addRows, makeRows, onPrimary, untilReplayed } from './drill-rows.ts'
import { inSession } from './drill-session.ts'
import { newestVerifiedMs, publishProven, setsOf } from './drill-sets.ts'
import { compareRecovered } from './restore/compare-recovered.ts'
import { type NewServer, startNewServer } from './restore/new-server.ts'
import { recordProjection } from './restore/record-projection.ts'

const table = 'recovered_orders'
const rowsBefore = 200_000
const rowsAfter = 1_000
const jobs = 2

/**
 * A backup is worth what comes back from it: a set is made and verified, and the newest verified one is restored into a new
 * server, whose rows are compared with what the source held at the set's snapshot.
 */
export const restoreAndCompare: Drill = {
  name: 'restore',
  changes: 'load',
  withinSeconds: 4 * 3600,
  obstacle: ({ store }) =>
    store === undefined ? { reason: 'This site has no backup store', next: 'Rehearse on one that has.' } : undefined,
  async run(scene) {
    const settings = scene.site.store?.settings
    if (settings === undefined) throw new Error('the drill was begun without a store')
    const earlierMs = newestVerifiedMs(await setsOf(scene, settings))
    await makeRows(scene, table, rowsBefore)
    await untilReplayed(scene.site, scene.signal)
    const address = await publishProven(scene, settings)
    await onPrimary(scene, 'direct', (session) => addRows(session, table, rowsBefore + 1, rowsBefore + rowsAfter))
    await recover(scene, settings, address, earlierMs)
  },
}

/** As after a loss: from the store alone, out of the newest verified set and no other. */
async function recover(
  scene: DrillScene,
  store: StoreSettings,
  { cluster, database }: SetAddress,
  earlierMs: number | undefined,
): Promise<void> {
  const { record, site, login, signal } = scene
  const decidedMs = Date.now()
  record.event('recoveryDecided')
  const { address: chosen } = chooseVerified(await setsOf(scene, store), `${cluster}/${database}`)
  const manifest = await withStore(store, (open) => readManifest(open, chosen, signal))
  const server = await startNewServer(manifest, site.env, signal)
  try {
    record.event('newServerStarted')
    const emptyBytes = await databaseBytes(server, signal)
    const byPhase = await restoreInto(scene, store, chosen, server)
    const [row] = await inSession(server.as(login.user), signal, (session) =>
      session.query<{ last: string }>(`SELECT coalesce(max(id), 0) AS last FROM ${table}`),
    )
    const seconds = (Date.now() - decidedMs) / 1000
    record.event('firstQuery')
    recordTimes(scene, seconds, earlierMs === undefined ? undefined : (decidedMs - earlierMs) / 1000)
    await compareRecovered(scene, { manifest, connection: server.connection, table, rowsBefore, recovered: Number(row?.last) })
    const { rows = 0, indexes = 0 } = byPhase
    const bytes = (await databaseBytes(server, signal)) - emptyBytes
    await recordProjection(scene, { seconds, growingSeconds: rows + indexes, bytes })
  } finally {
    await server.stop()
  }
}

async function restoreInto(
  { site: { cluster, env }, signal }: DrillScene,
  store: StoreSettings,
  address: SetAddress,
  { connection }: NewServer,
): Promise<Readonly<Record<string, number>>> {
  const identity = await definedIdentity(cluster, env)
  const everything = { clean: false, noOwner: false, noPrivileges: false, noTablespaces: true, schemas: [], tables: [] }
  const restored = await restore({
    ...{ store, address, target: connection, jobs, roles: true, ...everything, env, signal },
    ...(identity && { identity }),
  })
  return restored.secondsByPhase
}

/** @param ageSeconds of the newest verified set that there was before the drill: the drill's own is younger than any in need. */
function recordTimes({ record, site }: DrillScene, seconds: number, ageSeconds: number | undefined): void {
  const { goals } = site.definition.handover
  record.measure('recoveryTime', {
    ...{ value: seconds, unit: 's' },
    limit: { is: 'at most', value: goals.recoveryTimeSeconds, from: 'handover.goals.recoveryTime' },
  })
  if (ageSeconds === undefined) {
    record.untested('How old the newest verified backup is when one is needed: there was none before the one of this drill.')
    return
  }
  record.measure('recoveryPoint', {
    ...{ value: ageSeconds, unit: 's' },
    limit: { is: 'at most', value: goals.recoveryPointSeconds, from: 'handover.goals.recoveryPoint' },
  })
}

async function databaseBytes({ connection }: NewServer, signal: AbortSignal): Promise<number> {
  const [row] = await inSession(connection, signal, (session) =>
    session.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes'),
  )
  return Number(row?.bytes)
}
