import { createHash, randomUUID } from 'node:crypto'
import { runPrefix } from '../../archive/keys.ts'
import { Failure } from '../../platform/failure.ts'
import { conditionFailed } from '../../platform/object-store/condition-failed.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { type RunPlace, readHeld } from './run-store.ts'

/** An object as it is stored. */
export interface StoredBytes {
  bytes: number
  sha256: string
}

/** One thing that a run makes exactly once, whoever tries and however often: a unit, or a file of the set. */
export interface Product<T> {
  /** Of its documents: `units/000012`, `schema`. */
  name: string
  /** The object that it becomes; nothing for what is only digested. */
  key?: string
  parse(document: unknown): T
  /** Of the object, in a result. */
  storedOf(result: T): StoredBytes | undefined
}

/**
 * What was made, if it was made. A result is stored only if absent and after its object, so that it is about the object that is
 * there.
 */
export async function readResult<T>({ store, address, signal }: RunPlace, product: Product<T>): Promise<T | undefined> {
  return await readDocument(store, resultKey(address, product), product, signal)
}

/**
 * Says what an object will be, just before it exists. An attempt that ends between the two leaves an object whose result can be
 * found, and an object is never without one: see {@link adopt}.
 *
 * @throws Failure when the snapshot is not held any more: then there must be no object.
 */
export async function announce<T>(place: RunPlace, product: Product<T>, result: T): Promise<void> {
  await readHeld(place)
  const { store, address, signal } = place
  const key = `${attemptsPrefix(address, product)}${randomUUID()}.json`
  await store.put(key, documentOf(result), { ifAbsent: true, contentType: 'application/json', signal })
}

/** Stores the result of an object that exists; another attempt's, which is about the same object, is as good. */
export async function settle<T>({ store, address, signal }: RunPlace, product: Product<T>, result: T): Promise<void> {
  try {
    const options = { ifAbsent: true, contentType: 'application/json', signal }
    await store.put(resultKey(address, product), documentOf(result), options)
  } catch (error) {
    if (!conditionFailed(error)) throw error
  }
}

/**
 * The result of an object that an attempt stored before it was ended. The object is read back: of the attempts that announced it,
 * the one counts whose bytes are there. Undefined when there is no object, so that it is to be made.
 */
export async function adopt<T>(place: RunPlace, product: Product<T>): Promise<T | undefined> {
  const { store, address, signal } = place
  if (product.key === undefined || (await store.head(product.key, signal)) === undefined) return undefined
  const found = await hashOf(store, product.key, signal)
  for await (const page of store.list(attemptsPrefix(address, product), { signal })) {
    for (const { key } of page.objects) {
      const result = await readDocument(store, key, product, signal)
      const stored = result && product.storedOf(result)
      if (result === undefined || stored?.bytes !== found.bytes || stored.sha256 !== found.sha256) continue
      await settle(place, product, result)
      return result
    }
  }
  throw new Failure('an object of this run is not what any of its steps has stored', {
    ...{ kind: 'permanent', subject: product.key, code: 'DAMAGED' },
    hint: 'Find out who else writes to the store; the next slot of the schedule makes a run of its own.',
  })
}

/** Of some products those whose result is there, and those whose object is. */
export interface MadeProducts<T> {
  results: ReadonlySet<Product<T>>
  objects: ReadonlySet<Product<T>>
}

/**
 * What is there of products whose documents lie in one folder and whose objects in another, in the order of their keys. Two listings
 * say so of all of them, where looking for each would be some requests, one after another, before any work begins.
 */
export async function findMade<T>(place: RunPlace, products: readonly Product<T>[]): Promise<MadeProducts<T>> {
  const resultOf = (product: Product<T>): string => resultKey(place.address, product)
  const [results, objects] = await Promise.all([
    presentKeys(place, products.map(resultOf)),
    presentKeys(
      place,
      products.flatMap(({ key }) => key ?? []),
    ),
  ])
  return {
    results: new Set(products.filter((product) => results.has(resultOf(product)))),
    objects: new Set(products.filter(({ key }) => key !== undefined && objects.has(key))),
  }
}

/** The keys in the folder of the first, from there to the last. */
async function presentKeys({ store, signal }: RunPlace, keys: readonly string[]): Promise<Set<string>> {
  const present = new Set<string>()
  const [first, last] = [keys[0], keys.at(-1)]
  if (first === undefined || last === undefined) return present
  const folder = first.slice(0, first.lastIndexOf('/') + 1)
  // The listing begins after a key: what is left of the first without its last letter comes before it, and after its neighbours.
  for await (const { objects } of store.list(folder, { startAfter: first.slice(0, -1), signal })) {
    for (const { key } of objects) {
      if (key > last) return present
      present.add(key)
    }
  }
  return present
}

/** The names of all results of a kind, such as `units/`. */
export async function resultNames({ store, address, signal }: RunPlace, kind: string): Promise<string[]> {
  const names: string[] = []
  const prefix = runPrefix(address)
  for await (const page of store.list(prefix + kind, { signal })) {
    names.push(...page.objects.map(({ key }) => key.slice(prefix.length).replace(/\.json$/, '')))
  }
  return names
}

async function readDocument<T>(
  store: ObjectStore,
  key: string,
  { parse }: Product<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  const found = await store.readSmall(key, signal)
  if (found === undefined) return undefined
  try {
    return parse(JSON.parse(Buffer.from(found.bytes).toString('utf8')))
  } catch (cause) {
    throw new Failure('the result of a step cannot be read', {
      ...{ kind: 'permanent', subject: key, code: 'BadResult' },
      cause,
      hint: 'Find out who writes to the store, or whether functions of two versions are at work; the next slot makes a run of its own.',
    })
  }
}

async function hashOf(store: ObjectStore, key: string, signal: AbortSignal): Promise<StoredBytes> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const part of store.read(key, { signal })) {
    hash.update(part)
    bytes += part.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

function documentOf(result: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(result)}\n`)
}

function resultKey<T>(address: RunPlace['address'], { name }: Product<T>): string {
  return `${runPrefix(address)}${name}.json`
}

function attemptsPrefix<T>(address: RunPlace['address'], { name }: Product<T>): string {
  return `${runPrefix(address)}attempts/${name}-`
}
