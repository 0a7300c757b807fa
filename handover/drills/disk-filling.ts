import { setTimeout as sleep } from 'node:timers/promises'
import { definedPrimary, type SiteDisk } from '../sites/site.ts'
import { type AlertListener, listenToAlerts } from './alert-listener.ts'
import { DiskWatch, takenByPostgres } from './disk-filling/disk-watch.ts'
import { Filling } from './disk-filling/filling.ts'
import { roomBytes } from './disk-filling/room-bytes.ts'
import type { Drill, DrillScene } from './drill.ts'

const stepBytes = 8 * 1024 * 1024
/** However large the database is, no more than these are written. */
const mostSteps = 64
const mostPolls = 20
const pollMs = 200

/**
 * The disk of the primary fills: people are told while it still takes writes, and are told of the end when there is room again.
 * What fills it are rows, for Ballast knows what PostgreSQL takes and not what others leave on the same disk.
 */
export const diskFilling: Drill = {
  name: 'disk-filling',
  changes: 'breaks',
  withinSeconds: 600,
  obstacle: ({ disk }) => {
    if (disk !== undefined) return undefined
    const reason = 'This site has no disk that may be filled: a sandbox has one where root may mount a file system in memory'
    return { reason, next: 'Rehearse as root, or on the images, or leave the drill out in handover.drills.skip.' }
  },
  async run(scene) {
    const { site, record, signal } = scene
    if (site.disk === undefined) throw new Error('the drill was begun without a disk')
    const listener = await listenToAlerts(site.cluster)
    try {
      const filling = new Filling(scene)
      const watch = await prepare(scene, site.disk, filling, listener)
      record.event('fillBegun')
      await fill(scene, site.disk, { filling, watch, listener })
      await site.disk.clear(definedPrimary(site), signal)
      await filling.end(signal)
      record.event('roomFreed')
      await recover(scene, { filling, watch, listener })
      record.table('diskFilling', ['step', 'freePercent', 'bytes', 'finding'], watch.rows)
    } finally {
      await listener.close()
    }
  },
}

interface Parts {
  filling: Filling
  watch: DiskWatch
  listener: AlertListener
}

/** In this order a full disk is given room first, then the server is started if it is down, then the rows go. */
async function prepare(scene: DrillScene, disk: SiteDisk, filling: Filling, listener: AlertListener): Promise<DiskWatch> {
  const { site, signal, restoreBy } = scene
  const primary = definedPrimary(site)
  restoreBy((restoring) => filling.end(restoring))
  restoreBy((restoring) => site.start(primary, restoring))
  restoreBy((restoring) => disk.clear(primary, restoring))
  await filling.begin()
  const takenBytes = await takenByPostgres(scene)
  await disk.fillTo(primary, roomBytes(takenBytes, site.cluster.replication.minDiskFreePercent, stepBytes), signal)
  return new DiskWatch(scene, listener, takenBytes + (await disk.room(primary, signal)).free)
}

/** A step of rows, then a poll, until the server refuses a step; what was free when people were told is the margin. */
async function fill({ site, record, signal }: DrillScene, disk: SiteDisk, { filling, watch, listener }: Parts): Promise<void> {
  const isTold = (): boolean => listener.heard.some(({ type }) => type === 'raise')
  let polls = 0
  let toldAfter: number | undefined
  let writtenSince = 0
  let refused = false
  for (let step = 1; step <= mostSteps; step += 1) {
    refused = !(await filling.write(stepBytes))
    if (refused) break
    if (toldAfter !== undefined) writtenSince += stepBytes
    const { freePercent, bad } = await watch.poll(step)
    polls += bad ? 1 : 0
    if (toldAfter !== undefined || !isTold()) continue
    toldAfter = polls
    record.event('alertRaised', listener.heard[0]?.title)
    record.measure('freeAtAlert', { value: freePercent, unit: '%' })
  }
  if (refused) {
    record.event('writesRefused')
    record.measure('freeAtStop', { value: (await disk.room(definedPrimary(site), signal)).free, unit: 'bytes' })
  } else record.untested('How full the disk must be for the server to refuse writes: it never did.')
  const from = { is: 'at most', value: site.definition.alerts.raiseAfter, from: 'alerts.raiseAfter' } as const
  record.measure('pollsToAlert', {
    value: toldAfter ?? polls,
    unit: 'count',
    samples: toldAfter === undefined ? 0 : 1,
    limit: from,
  })
  record.measure('writtenAfterAlert', {
    ...{ value: writtenSince, unit: 'bytes', samples: toldAfter === undefined ? 0 : 1 },
    limit: { is: 'at least', value: stepBytes, from: 'drill' },
  })
}

async function recover({ site, record, signal }: DrillScene, { filling, watch, listener }: Parts): Promise<void> {
  await filling.begin()
  if (!(await filling.write(stepBytes))) record.finding('The primary refuses writes although its disk has room again')
  await filling.end(signal)
  for (let poll = 1; poll <= mostPolls; poll += 1) {
    await watch.poll()
    const recovered = listener.heard.find(({ type }) => type === 'recovery')
    if (recovered !== undefined) {
      record.event('alertRecovered', recovered.title)
      record.measure('pollsToRecovery', {
        ...{ value: poll, unit: 'count' },
        limit: { is: 'at most', value: site.definition.alerts.outOf, from: 'alerts.outOf' },
      })
      return
    }
    await sleep(pollMs, undefined, { signal })
  }
  record.finding(`Nobody was told within ${mostPolls} polls that the disk has room again`)
}
