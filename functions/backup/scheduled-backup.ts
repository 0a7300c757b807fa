import type { BackupSlot, Cluster, Database } from '../../config/cluster.ts'
import type { DirectConnection } from '../../config/derive.ts'
import type { SetAddress } from '../archive/keys.ts'
import { recentSummaries } from '../archive/recent-sets.ts'
import { slotRun } from '../archive/slot.ts'
import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import type { Outcome } from '../platform/outcome.ts'
import { atPath } from '../runtime/definition/at-path.ts'
import { definedConnection } from '../runtime/definition/defined-connection.ts'
import { firstStore } from '../runtime/definition/defined-stores.ts'
import { readPause } from '../runtime/replay-pause/keep-pause.ts'
import type { ReplayPause } from '../runtime/replay-pause/record.ts'
import type { ScheduledRun, ScheduledWork } from '../runtime/scheduled.ts'
import { withStore } from '../runtime/with-store.ts'
import { type TargetContext, workThrough } from '../runtime/work-through.ts'
import { backup } from './backup.ts'
import { backupOutcome } from './backup-outcome.ts'
import { definedTuning } from './backup-tuning.ts'
import { currentHosts } from './current-hosts.ts'
import { fanOutFor } from './fan-out/fan-out-for.ts'
import { settleSlot, slotDone } from './slot-claim.ts'
import { estimateTime, ratesLookedAt, refuseTooLong, tooLong } from './time-estimate.ts'

/** The backups of one slot of the schedule: each of its databases once, whoever asks for it, and however often. */
export const scheduledBackup: ScheduledWork = async (run) => {
  const { cluster } = run
  const slot = slotOf(run)
  const runPart = slotRun({ slot: slot.slot, dueMs: run.dueMs })
  const targets = databasesOf(cluster, slot).map((database) => {
    return { database, subject: `${cluster.name}/${database.name}`, lease: `backup-${database.name}` }
  })
  return await workThrough(run, {
    ...{ operation: 'backup', of: 'databases', targets, limitSeconds: cluster.backup.limits.durationSeconds },
    // Another slot's backup of the same database is no reason to leave this one out.
    whenBusy: 'wait',
    work: ({ database }, context) => backupForSlot(run, database, runPart, context),
  })
}

function slotOf({ cluster: { backup: definition }, slot: name }: ScheduledRun): BackupSlot {
  const slots = definition.schedule
  const found = name === undefined && slots.length === 1 ? slots[0] : slots.find(({ slot }) => slot === name)
  if (found !== undefined) return found
  const known = `The definition has: ${slots.map(({ slot }) => slot).join(', ')}.`
  throw name === undefined
    ? new Failure('the schedule has several slots, and none is named', {
        ...{ kind: 'config', subject: 'backup.schedule', hint: `Name one with --slot. ${known}` },
      })
    : new Failure(`the schedule has no slot "${name}"`, { ...{ kind: 'config', subject: 'backup.schedule', hint: known } })
}

function databasesOf({ databases }: Cluster, slot: BackupSlot): Database[] {
  return databases.filter(({ name, backup: wanted }) => wanted && (slot.databases?.includes(name) ?? true))
}

async function backupForSlot(
  scheduled: ScheduledRun,
  { name, connection }: Database,
  run: string,
  { signal, secondsLeft }: TargetContext,
): Promise<Outcome> {
  const { cluster, env, note, dueMs, handOver: start } = scheduled
  const place = { cluster: cluster.name, database: name }
  const path = `databases[${cluster.databases.findIndex((one) => one.name === name)}].connection`
  const subject = `${cluster.name}/${name}`
  const settings = await firstStore(cluster, env)
  const startedMs = Date.now()
  return await withStore(settings, async (store, readStart) => {
    const settled = await settleSlot(store, place, run, signal)
    if (settled !== undefined) return doneOutcome(settled.address, settled.finished)
    const fanOut =
      start && (await fanOutFor({ store, place, run, slot: slotOf(scheduled).slot, dueMs, signal }, cluster, start))
    const goesOn = await fanOut?.goOn()
    if (goesOn !== undefined) return goesOn
    // The definition is frozen all through; nothing here writes to it.
    const defined = await atPath(path, () => definedConnection(connection as DirectConnection, name, env))
    const source = currentHosts(defined, cluster, await pauseOf(scheduled, store), dueMs)
    const recent = await recentSummaries(store, readStart, place, ratesLookedAt, signal)
    try {
      const manifest = await backup({
        ...{ ...definedTuning(cluster), store: settings, cluster: cluster.name, run, env, signal },
        connection: source,
        admit: (rows, tableBytes) => {
          if (fanOut === undefined) refuseTooLong(subject, estimateTime(recent, rows), secondsLeft())
          else fanOut.refuseTooLong(subject, recent, { rows, tableBytes }, secondsLeft())
        },
      })
      note(`published ${manifest.summary.set}`)
      return backupOutcome(manifest, (Date.now() - startedMs) / 1000)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (error.code === tooLong && fanOut !== undefined) {
        note(`${error.message}: fanned out`)
        return await fanOut.begin(defined)
      }
      if (error.code !== slotDone) throw error
      const other = await settleSlot(store, place, run, signal)
      if (other === undefined) throw error
      return doneOutcome(other.address, other.finished)
    }
  })
}

/** Nobody pauses a replica where the definition names none. */
async function pauseOf({ cluster, signal }: ScheduledRun, store: ObjectStore): Promise<ReplayPause | undefined> {
  if (cluster.backup.fanOut.pauseReplica === undefined) return undefined
  return await readPause({ store, cluster: cluster.name, signal })
}

/** The slot has its set: there is nothing to do, or a killed run had left nothing but the last step to do. */
function doneOutcome({ cluster, database, set }: SetAddress, finished: boolean): Outcome {
  return {
    ...{ operation: 'backup', subject: `${cluster}/${database}`, ok: true },
    numbers: { set, alreadyDone: true, ...(finished ? { finishedForAnother: true } : {}) },
  }
}
