import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../../config/cluster.ts'
import { runsPrefix, type SetAddress } from '../../archive/keys.ts'
import type { RunEnd, RunState } from '../../archive/run-state.ts'
import { formatSetName, parseSetName } from '../../archive/set-name.ts'
import { throwIfAborted } from '../../platform/abort.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import type { ConnectionSettings } from '../../platform/postgres/settings.ts'
import { openHolder } from '../source.ts'
import { refuseUnfitPause } from './may-pause.ts'
import { renewMsOf } from './pace.ts'
import { sourceConnection } from './paused-replica.ts'
import { abort } from './relay.ts'
import { changeState, createState, type RunPlace, readState } from './run-store.ts'
import { readLimits, refuseUnfit } from './source-limits.ts'

/** A holder that is silent for so many times as long is gone. */
const renewalsOfLife = 12
/** No function lives longer. */
const longestCallMs = 15 * 60_000

/** What is asked to be started. */
export interface RunRequest {
  store: ObjectStore
  place: Pick<SetAddress, 'cluster' | 'database'>
  /** The run part of the set's name. */
  run: string
  slot: string
  dueMs: number
  signal: AbortSignal
}

/** A run of a database that is not over. */
export interface LiveRun {
  address: SetAddress
  state: RunState
}

/** The sets of the runs of this database that are known of, newest last; those that were published stay known as long as their sets. */
export async function fannedOutSets({ store, place, signal }: RunRequest): Promise<string[]> {
  const prefix = runsPrefix(place)
  const sets: string[] = []
  for await (const page of store.list(prefix, { delimiter: '/', signal })) {
    sets.push(...page.prefixes.map((name) => name.slice(prefix.length, -1)).filter((name) => parseSetName(name) !== undefined))
  }
  return sets
}

/**
 * Of these runs the one that is still at work: its snapshot lives, or it is about to be taken. What is dead is given up, so that
 * nobody takes it up again.
 */
export async function findLiveRun({ store, place, signal }: RunRequest, sets: readonly string[]): Promise<LiveRun | undefined> {
  for (const set of sets.toReversed()) {
    const run: RunPlace = { store, address: { ...place, set }, signal }
    const state = await readState(run)
    if (isOver(state)) continue
    if (await isAlive(run, state)) return { address: run.address, state }
    await changeState(run, abort(goneEnd))
  }
  return undefined
}

/** Whether a run has come to an end, good or bad. */
function isOver({ state }: RunState): boolean {
  return state === 'published' || state === 'broken' || state === 'aborted'
}

/** Seen, not read from clocks: a holder that lives renews while it is watched. */
async function isAlive(run: RunPlace, first: RunState): Promise<boolean> {
  // One call plans, and one publishes; nobody holds then, or needs to.
  const { state, startedMs, finishedMs = startedMs } = first
  if (state !== 'held') return Date.now() - (state === 'released' ? finishedMs : startedMs) < longestCallMs
  const untilMs = performance.now() + first.renewMs * renewalsOfLife
  while (performance.now() < untilMs) {
    await sleep(first.renewMs, undefined, { signal: run.signal }).catch(() => undefined)
    throwIfAborted(run.signal, run.address.database)
    const now = await readState(run)
    if (now.state !== 'held' || now.renewals !== first.renewals) return !isOver(now)
  }
  return false
}

/**
 * Begins a run, once the server is fit for one that takes hours; its steps are for the state machine to call.
 *
 * @throws Failure `config` that names what to change, before anything is begun.
 */
export async function beginRun(request: RunRequest, connection: ConnectionSettings, cluster: Cluster): Promise<SetAddress> {
  const { store, place, run, slot, dueMs, signal } = request
  const { connections, holderSeconds } = cluster.backup.fanOut
  const own = { store, cluster: place.cluster, signal }
  const pauses = await refuseUnfitPause(own, { database: place.database, run, dueMs }, connection, cluster)
  const session = await openHolder(sourceConnection(cluster, connection), signal)
  try {
    refuseUnfit(await readLimits(session), { connections, pauses }, session.settings.user)
  } finally {
    await session.close()
  }
  const startedMs = Date.now()
  const address = { ...place, set: formatSetName({ startedMs, run }) }
  const renewMs = renewMsOf(holderSeconds)
  const state = { format: 1, state: 'opening', slot, dueMs, startedMs, generation: 0, renewals: 0, renewMs } as const
  await createState({ store, address, signal }, state)
  return address
}

const goneEnd: RunEnd = {
  ...{ kind: 'permanent', code: 'SnapshotLost' },
  message: 'the run was interrupted, and nobody holds its snapshot any more',
  hint: 'Nothing was published; the next slot makes a run of its own.',
}
