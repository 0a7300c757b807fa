import { definedPrimary } from '../sites/site.ts'
import type { Drill } from './drill.ts'
import { catchesUp, replayedWithinMs } from './drill-rows.ts'
import { noReplica } from './obstacles.ts'
import { orFinding } from './or-finding.ts'
import { furthestReplica, promote, restoreRoles } from './roles.ts'
import { WriterCrew } from './writer-crew.ts'
import { differentRows, rowsOn } from './written-rows.ts'

/** What each client has written, on either primary. */
const rowsOfEach = 20

/** The primary that was lost comes back as a replica of the one that took over: it streams, and has the same rows. */
export const rejoin: Drill = {
  name: 'rejoin',
  changes: 'breaks',
  withinSeconds: 400,
  obstacle: noReplica,
  async run(scene) {
    const { site, login, record, signal } = scene
    const original = definedPrimary(site)
    let leading = original
    scene.restoreBy((end) => restoreRoles(site, end))
    const crew = await WriterCrew.start(scene, original, () => leading)
    try {
      await crew.untilEachHas(rowsOfEach)
      await site.cutPower(original, signal)
      record.event('primaryStopped', original)
      const chosen = await furthestReplica(site, signal)
      record.event('promotionOrdered', chosen)
      await promote(site, chosen)
      leading = chosen
      const before = Math.max(...crew.writers.map(({ acknowledged }) => acknowledged.length))
      await crew.untilEachHas(before + rowsOfEach)
      const orderedMs = performance.now()
      record.event('rejoinOrdered', original)
      const rejoined = site.rejoin(original, chosen, signal)
      if (!(await orFinding(scene, `${original} could not be made a replica of ${chosen}`, rejoined))) return
      record.event('oldPrimaryStreams', original)
      record.measure('rejoinTime', { value: (performance.now() - orderedMs) / 1000, unit: 's' })
      await crew.stop()
      const caughtUp = await catchesUp(site, { replica: original, primary: chosen }, signal)
      if (!caughtUp)
        record.finding(`${original} streams, and has not all that ${chosen} has after ${replayedWithinMs / 1000} s.`)
      const [old, now] = await Promise.all([original, chosen].map((node) => rowsOn(site, node, login.database, signal)))
      const different = differentRows(old ?? new Set(), now ?? new Set())
      record.measure('rowsDifferent', {
        ...{ value: different.length, unit: 'count', samples: now?.size ?? 0 },
        limit: { is: 'exactly', value: 0, from: 'drill' },
      })
      record.table(
        'rowCounts',
        ['node', 'rows'],
        [
          [original, old?.size ?? 0],
          [chosen, now?.size ?? 0],
        ],
      )
    } finally {
      await crew.stop()
    }
  },
}
