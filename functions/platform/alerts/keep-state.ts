import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { throwIfAborted } from '../abort.ts'
import { Failure } from '../failure.ts'
import type { ObjectStore, PutOptions } from '../object-store/store.ts'
import { type AlertEntry, parseState, serializeState } from './alert-state.ts'

/** Where the state of a cluster's alerts is kept. */
export interface StatePlace {
  store: ObjectStore
  key: string
  signal?: AbortSignal | undefined
}

/** What came of a change. */
export interface Changed<T> {
  result: T
  /** What was wrong with the state that was found, and has been replaced. */
  replaced?: string
}

const attempts = 6
const longestWaitMs = 250

/**
 * Changes the state by one conditional write: whoever changed it in the meantime is not overwritten, but read, and the
 * change is made anew on what they wrote. Writes nothing where nothing changes.
 *
 * @throws Failure of the store, or with code `StateBusy` when the others were first every time.
 */
export async function changeState<T>(
  place: StatePlace,
  change: (entries: readonly AlertEntry[]) => { entries: AlertEntry[]; result: T },
): Promise<Changed<T>> {
  const { store, key, signal } = place
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    throwIfAborted(signal, key)
    const found = await readState(place)
    const { entries, result } = change(found.entries)
    const changed: Changed<T> = { result, ...(found.fault === undefined ? {} : { replaced: found.fault }) }
    if (found.fault === undefined && JSON.stringify(entries) === JSON.stringify(found.entries)) return changed
    const written = await store
      .put(key, serializeState(entries, randomUUID()), {
        ...found.condition,
        contentType: 'application/json',
        ...(signal && { signal }),
      })
      .then(() => true, refusedAsChanged)
    if (written) return changed
    await pause(randomInt(longestWaitMs))
  }
  throw new Failure(`Other runs changed the state of alerts ${attempts} times while this one decided`, {
    ...{ kind: 'transient', subject: `${store.location}/${key}`, code: 'StateBusy' },
    hint: 'Let fewer checks run at the same time; the next one decides again.',
  })
}

interface FoundState {
  entries: AlertEntry[]
  condition: PutOptions
  fault?: string
}

async function readState({ store, key, signal }: StatePlace): Promise<FoundState> {
  const found = await store.readSmall(key, signal).catch((failure: unknown) => {
    // No state of ours is that large, and no version is known of it.
    if (failure instanceof Failure && failure.code === 'TooLarge') return 'too large' as const
    throw failure
  })
  if (found === undefined) return { entries: [], condition: { ifAbsent: true } }
  if (found === 'too large') return { entries: [], condition: {}, fault: 'is far too large' }
  const parsed = parseState(found.bytes)
  const condition = { ifVersion: found.version }
  return 'fault' in parsed ? { entries: [], condition, fault: parsed.fault } : { entries: parsed.entries, condition }
}

function refusedAsChanged(failure: unknown): false {
  if (failure instanceof Failure && failure.code === 'PreconditionFailed') return false
  throw failure
}
