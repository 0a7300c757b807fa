import { setTimeout as sleep } from 'node:timers/promises'
import { definedPrimary } from '../sites/site.ts'
import { alterSystem } from './alter-system.ts'
import type { Drill, DrillScene } from './drill.ts'
import { measureRequests, startRequests } from './failover/application-requests.ts'
import { noReplica } from './obstacles.ts'
import { orFinding } from './or-finding.ts'
import { furthestReplica, promote, restoreRoles } from './roles.ts'
import { synchronousSettings } from './synchronous.ts'
import { WriterCrew } from './writer-crew.ts'
import { lostRows, rowsOn } from './written-rows.ts'

/** What each client has written before the primary goes. */
const rowsBefore = 20
/** How long it goes on after the first write. */
const afterwardsMs = 1_000
const givesUpAfterMs = 120_000
const withinSeconds = 300

/**
 * The primary is killed while an application writes, and a replica is promoted: the application writes again in the time that
 * was promised, no row is lost that a standby had acknowledged, and what users ask of the application is answered again.
 */
export const failover: Drill = {
  name: 'failover',
  changes: 'breaks',
  withinSeconds,
  obstacle: noReplica,
  async run(scene) {
    const { site, record, signal } = scene
    const original = definedPrimary(site)
    let leading = original
    await alterSystem(scene, original, synchronousSettings(site))
    scene.restoreBy((end) => restoreRoles(site, end))
    const crew = await WriterCrew.start(scene, original, () => leading)
    try {
      const requests = await startRequests(scene, withinSeconds)
      await crew.untilEachHas(rowsBefore)
      await site.cutPower(original, signal)
      record.event('primaryStopped', original)
      const chosen = await furthestReplica(site, signal)
      const orderedMs = performance.now()
      record.event('promotionOrdered', chosen)
      leading = chosen
      const hopeless = new AbortController()
      const promotion = orFinding(scene, `${chosen} could not be promoted`, promote(site, chosen)).then((isPromoted) => {
        if (!isPromoted) hopeless.abort()
      })
      const written = crew.firstWriteAfter(orderedMs, givesUpAfterMs, hopeless.signal)
      const [writtenMs] = await Promise.all([written, promotion])
      if (writtenMs !== undefined) record.event('firstWrite', chosen)
      await sleep(afterwardsMs, undefined, { signal })
      await crew.stop()
      measureWrites(scene, crew, orderedMs, writtenMs)
      await measureRows(scene, crew, chosen)
      if (requests !== undefined) await measureRequests(scene, requests, writtenMs !== undefined)
    } finally {
      await crew.stop()
    }
  },
}

function measureWrites({ site, record }: DrillScene, crew: WriterCrew, orderedMs: number, writtenMs: number | undefined): void {
  const { firstWriteSeconds } = site.cluster.handover.goals
  record.measure('firstWrite', {
    value: (writtenMs ?? performance.now()) / 1000 - orderedMs / 1000,
    ...{ unit: 's', samples: writtenMs === undefined ? 0 : 1 },
    limit: { is: 'at most', value: firstWriteSeconds, from: 'handover.goals.firstWrite' },
  })
  const before = crew.acknowledged.map(({ atMs }) => atMs).filter((atMs) => atMs < orderedMs)
  if (writtenMs !== undefined) record.measure('writePause', { value: (writtenMs - Math.max(...before)) / 1000, unit: 's' })
  const failed = crew.writers.flatMap(({ failedAtMs }) => failedAtMs)
  record.measure('requestsLost', { value: failed.length, unit: 'count', samples: failed.length + crew.acknowledged.length })
}

/** Rows for which a standby was waited for must be there; of the others, as many as the definition promises, if it does. */
async function measureRows({ site, login, record, signal }: DrillScene, crew: WriterCrew, primary: string): Promise<void> {
  const present = await rowsOn(site, primary, login.database, signal)
  const lost: string[] = []
  const kinds = [
    { key: 'rowsLostSynchronous', writers: crew.writers.filter(({ options }) => options.durability !== 'local') },
    { key: 'rowsLostAsynchronous', writers: crew.writers.filter(({ options }) => options.durability === 'local') },
  ] as const
  const { lostRows: promised } = site.cluster.handover.goals
  const none = { is: 'exactly', value: 0, from: 'drill' } as const
  for (const { key, writers } of kinds) {
    if (writers.length === 0) continue
    const missing = writers.flatMap((writer) => lostRows(writer, present))
    const samples = writers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
    const ofPromise = promised === undefined ? {} : { limit: { is: 'at most', value: promised, from: lostRowsPath } as const }
    const limit = key === 'rowsLostSynchronous' ? { limit: none } : ofPromise
    record.measure(key, { value: missing.length, unit: 'count', samples, ...limit })
    lost.push(...missing)
  }
  record.measure('rowsAcknowledged', { value: crew.acknowledged.length, unit: 'count' })
  if (lost.length > 0) {
    const rows = lost.map((name) => name.split('/'))
    record.table('lostRows', ['writer', 'rowNumber'], rows)
  }
}

const lostRowsPath = 'handover.goals.lostRows'
