import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { throwIfAborted } from '../abort.ts'
import { Failure } from '../failure.ts'
import { conditionFailed } from './condition-failed.ts'
import type { ObjectStore, PutOptions } from './store.ts'

/** A small object that several processes change. */
export interface SmallPlace {
  store: ObjectStore
  key: string
  signal?: AbortSignal | undefined
}

/** What was found: all of the object, or that there is none, or that it is far too large to be ours. */
export type SmallContent = Uint8Array | 'absent' | 'too large'

/** What is to become of it; without bytes it stays as it is. */
export interface SmallChange<T> {
  bytes?: Uint8Array
  result: T
}

const attempts = 8
const longestWaitMs = 250

/**
 * Changes a small object by one conditional write: whoever changed it in the meantime is not overwritten, but read, and the
 * change is decided anew on what they wrote. One that is too large is replaced as it is: no version is known of it.
 *
 * @param what the object is, for people: `the state of alerts`.
 * @throws Failure of the store, or with code `Busy` when the others were first every time.
 */
export async function changeSmall<T>(
  { store, key, signal }: SmallPlace,
  what: string,
  decide: (content: SmallContent) => SmallChange<T>,
): Promise<T> {
  const subject = `${store.location}/${key}`
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    throwIfAborted(signal, subject)
    const { content, condition } = await find(store, key, signal)
    const { bytes, result } = decide(content)
    if (bytes === undefined) return result
    const options = { ...condition, contentType: 'application/json', ...(signal && { signal }) }
    const written = await store.put(key, bytes, options).then(() => true, refusedAsChanged)
    if (written) return result
    await pause(randomInt(longestWaitMs))
  }
  throw new Failure(`Other runs changed ${what} ${attempts} times while this one was about to`, {
    ...{ kind: 'transient', subject, code: 'Busy' },
    hint: 'Let fewer runs end at the same time; the next one tries again.',
  })
}

async function find(
  store: ObjectStore,
  key: string,
  signal: AbortSignal | undefined,
): Promise<{ content: SmallContent; condition: PutOptions }> {
  try {
    const found = await store.readSmall(key, signal)
    if (found === undefined) return { content: 'absent', condition: { ifAbsent: true } }
    return { content: found.bytes, condition: { ifVersion: found.version } }
  } catch (failure) {
    if (failure instanceof Failure && failure.code === 'TooLarge') return { content: 'too large', condition: {} }
    throw failure
  }
}

function refusedAsChanged(failure: unknown): false {
  if (conditionFailed(failure)) return false
  throw failure
}
