import { runStateKey, type SetAddress } from '../../archive/keys.ts'
import { parseState, type RunState, serializeState } from '../../archive/run-state.ts'
import { Failure } from '../../platform/failure.ts'
import { changeSmall } from '../../platform/object-store/change-small.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { type Change, endOf } from './relay.ts'

/** A run, and where its documents are. */
export interface RunPlace {
  store: ObjectStore
  address: SetAddress
  signal: AbortSignal
}

/** @throws Failure `permanent` with code `NoSuchRun` when there is none. */
export async function readState({ store, address, signal }: RunPlace): Promise<RunState> {
  const found = await store.readSmall(runStateKey(address), signal)
  if (found === undefined) throw noSuchRun(address)
  return parseState(found.bytes, runStateKey(address))
}

/** Makes the state of a run that is to begin. @throws Failure with code `PreconditionFailed` when there is one. */
export async function createState({ store, address, signal }: RunPlace, state: RunState): Promise<void> {
  await store.put(runStateKey(address), serializeState(state), { ifAbsent: true, contentType: 'application/json', signal })
}

interface Changed {
  state: RunState
  changed: boolean
}

/** Changes the state, by one conditional write; tells what it is then, and whether the change was made or did not apply. */
export async function changeState(place: RunPlace, change: Change): Promise<Changed> {
  const { store, address, signal } = place
  const key = runStateKey(address)
  return await changeSmall<Changed>({ store, key, signal }, 'the state of the run', (content) => {
    if (typeof content === 'string') throw noSuchRun(address)
    const state = parseState(content, key)
    const next = change(state)
    if (next === undefined) return { result: { state, changed: false } }
    return { ...(next === state ? {} : { bytes: serializeState(next) }), result: { state: next, changed: true } }
  })
}

/** The state of a run that holds its snapshot. @throws Failure when it does not: `permanent`, unless it only has not begun yet. */
export async function readHeld(place: RunPlace): Promise<HeldState> {
  return assertHeld(await readState(place), place.address)
}

/** The state of a run whose snapshot is held. */
export type HeldState = RunState & { [Field in HeldField]: NonNullable<RunState[Field]> }

type HeldField = 'plan' | 'snapshot' | 'server' | 'heldSinceMs' | 'handoverMs' | 'endMs'

function assertHeld(state: RunState, address: SetAddress): HeldState {
  const { plan, snapshot, server, heldSinceMs, handoverMs, endMs } = state
  const complete = plan && snapshot && server && heldSinceMs !== undefined && handoverMs !== undefined && endMs !== undefined
  if (state.state === 'held' && complete) return { ...state, plan, snapshot, server, heldSinceMs, handoverMs, endMs }
  throw notHeld(state, address)
}

/** The Failure of a step that finds a run without its snapshot. */
export function notHeld(state: RunState, address: SetAddress): Failure {
  const subject = `run ${address.set}`
  if (state.state === 'opening' || state.state === 'planning') {
    return new Failure('nobody holds the snapshot of this run yet', {
      ...{ kind: 'transient', subject, code: 'NotHeldYet' },
      hint: 'Wait for the step `hold`, which plans; when it does not come to its end, see its log.',
    })
  }
  const { message, hint, code = 'RunOver' } = endOf(state)
  return new Failure(message, { kind: 'permanent', subject, hint, code })
}

function noSuchRun(address: SetAddress): Failure {
  return new Failure(`there is no run for the set ${address.set} of ${address.database}`, {
    kind: 'permanent',
    subject: runStateKey(address),
    code: 'NoSuchRun',
    hint: 'Runs are begun by the function `backup`, and swept by `ballast prune` some time after they ended.',
  })
}
