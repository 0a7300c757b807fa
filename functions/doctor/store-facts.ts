import { randomUUID } from 'node:crypto'
import { Failure, toFailure } from '../platform/failure.ts'
import { conditionFailed } from '../platform/object-store/condition-failed.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'

/** Something tried on the store: how it went. */
export type Attempt<T = undefined> = { went: true; value: T } | { went: false; failure: Failure }

/** What a store did with a small object. What could not be tried, because the write before it failed, is missing. */
export interface StoreFacts {
  probeKey: string
  write: Attempt<{ seconds: number }>
  /** Whether a second write under the key, only if absent, was refused. */
  conditional?: Attempt<{ refused: boolean }>
  readBack?: Attempt<{ equal: boolean }>
  listed?: Attempt<{ found: boolean }>
  /** The store's clock minus ours, in seconds. */
  clock?: Attempt<{ aheadSeconds: number }>
  uploads?: Attempt<{ total: number; startedMs: number[] }>
  removal?: Attempt
}

const probeFolder = '.ballast-doctor'
const uploadsCounted = 10_000

/**
 * Writes, overwrites, reads, lists and deletes one small object under `.ballast-doctor/`.
 *
 * @param enforcing the same store, opened so that a conditional write is the server's own doing.
 */
export async function probeStore(store: ObjectStore, enforcing: ObjectStore, signal?: AbortSignal): Promise<StoreFacts> {
  const probeKey = `${probeFolder}/${randomUUID()}`
  const body = Buffer.from(`${probeKey}: written by ballast doctor, may be deleted\n`)
  const beganMs = Date.now()
  const write = await attempt(async () => {
    await store.put(probeKey, body, options(signal))
    return { seconds: (Date.now() - beganMs) / 1000 }
  })
  const uploads = await attempt(() => pendingUploads(store, signal))
  if (!write.went) return { probeKey, write, uploads }
  const middleMs = (beganMs + Date.now()) / 2
  const conditional = await attempt(() => tryOverwrite(enforcing, probeKey, signal))
  const readBack = await attempt(async () => ({ equal: body.equals(await readAll(store, probeKey, signal)) }))
  const listed = await attempt(() => isListed(store, probeKey, signal))
  const clock = await attempt(async () => ({ aheadSeconds: ((await modifiedMs(store, probeKey, signal)) - middleMs) / 1000 }))
  const removal = await attempt(async () => {
    await store.delete([probeKey], signal)
    return undefined
  })
  return { probeKey, write, conditional, readBack, listed, clock, uploads, removal }
}

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { went: true, value: await work() }
  } catch (error) {
    const failure = toFailure(error, 'store')
    // A stopped run is no finding about the store.
    if (failure.code === 'Aborted') throw failure
    return { went: false, failure }
  }
}

async function tryOverwrite(store: ObjectStore, key: string, signal?: AbortSignal): Promise<{ refused: boolean }> {
  try {
    await store.put(key, Buffer.from('overwritten'), { ifAbsent: true, ...options(signal) })
    return { refused: false }
  } catch (error) {
    if (conditionFailed(error)) return { refused: true }
    throw error
  }
}

async function readAll(store: ObjectStore, key: string, signal?: AbortSignal): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of store.read(key, options(signal))) parts.push(part)
  return Buffer.concat(parts)
}

async function isListed(store: ObjectStore, key: string, signal?: AbortSignal): Promise<{ found: boolean }> {
  for await (const page of store.list(key, options(signal))) {
    if (page.objects.some((object) => object.key === key)) return { found: true }
  }
  return { found: false }
}

async function modifiedMs(store: ObjectStore, key: string, signal?: AbortSignal): Promise<number> {
  const found = await store.head(key, signal)
  if (found !== undefined) return found.modifiedMs
  throw new Failure('the object just written is not there', {
    kind: 'permanent',
    subject: key,
    hint: 'The store is not consistent: do not keep backups in it before its operator explains this.',
  })
}

async function pendingUploads(store: ObjectStore, signal?: AbortSignal): Promise<{ total: number; startedMs: number[] }> {
  const startedMs: number[] = []
  for await (const upload of store.pendingUploads('', signal)) {
    startedMs.push(upload.startedMs)
    if (startedMs.length >= uploadsCounted) break
  }
  return { total: startedMs.length, startedMs }
}

function options(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}
