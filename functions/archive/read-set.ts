import { createHash } from 'node:crypto'
import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { damagedFile } from './damaged-file.ts'
import { manifestFile, type SetAddress, setPrefix } from './keys.ts'
import { type Manifest, type ManifestFile, parseManifest } from './manifest.ts'

/** Reads a set's manifest and checks that it names this set. A set without one does not exist: `permanent`. */
export async function readManifest(store: ObjectStore, address: SetAddress, signal?: AbortSignal): Promise<Manifest> {
  return (await readWholeManifest(store, address, signal)).manifest
}

/** As {@link readManifest}, with the bytes that it was read from. */
export async function readWholeManifest(
  store: ObjectStore,
  address: SetAddress,
  signal?: AbortSignal,
): Promise<{ manifest: Manifest; bytes: Uint8Array }> {
  const key = setPrefix(address) + manifestFile
  if ((await store.head(key, signal)) === undefined) {
    throw new Failure(`there is no complete backup set ${address.set} of ${address.database} in ${store.location}`, {
      kind: 'permanent',
      subject: key,
      hint: 'Run `ballast list` for the sets that exist; one without manifest.json was interrupted and holds nothing to restore.',
      code: 'NoSuchKey',
    })
  }
  const bytes = await readObject(store, key, signal)
  const manifest = parseManifest(bytes, address.set)
  const { set, database, cluster } = manifest.summary
  if (set !== address.set || database !== address.database || cluster !== address.cluster) {
    throw new Failure(`the manifest at ${key} belongs to set ${set} of ${cluster}/${database}`, {
      kind: 'permanent',
      subject: key,
      hint: 'Sets were mixed up by hand: use another set, or another copy of this one.',
      code: 'DAMAGED',
    })
  }
  return { manifest, bytes }
}

/** All of an object that is read in memory: a manifest, a script, an evidence. */
export async function readObject(store: ObjectStore, key: string, signal?: AbortSignal): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of store.read(key, signal === undefined ? {} : { signal })) parts.push(part)
  return Buffer.concat(parts)
}

/** The files of a set that are in the store, manifest or not, with their sizes in bytes. */
export async function listFiles(
  store: ObjectStore,
  address: SetAddress,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const prefix = setPrefix(address)
  const found = new Map<string, number>()
  for await (const page of store.list(prefix, signal === undefined ? {} : { signal })) {
    for (const { key, bytes } of page.objects) found.set(key.slice(prefix.length), bytes)
  }
  return found
}

/**
 * What is wrong with the objects of a set, by a listing alone: missing ones, wrong sizes, and data that no manifest
 * names. Contents are checked where they are read.
 */
export async function findObjectProblems(
  store: ObjectStore,
  address: SetAddress,
  manifest: Manifest,
  signal?: AbortSignal,
): Promise<ObjectProblem[]> {
  return objectProblems(await listFiles(store, address, signal), manifest)
}

export interface ObjectProblem {
  file: string
  problem: string
}

/** As {@link findObjectProblems}, of files that are listed already. */
export function objectProblems(found: ReadonlyMap<string, number>, manifest: Manifest): ObjectProblem[] {
  const problems: ObjectProblem[] = []
  const expected = [...manifest.files, ...manifest.units]
  for (const { file, bytes } of expected) {
    const actual = found.get(file)
    if (actual === undefined) problems.push({ file, problem: 'is missing' })
    else if (actual !== bytes) problems.push({ file, problem: `has ${actual} bytes instead of ${bytes}` })
  }
  const known = new Set(expected.map(({ file }) => file))
  for (const file of found.keys()) {
    if (file.startsWith('data/') && !known.has(file)) problems.push({ file, problem: 'is in no manifest' })
  }
  return problems
}

/** Streams a whole file of the set and fails at its end unless size and SHA-256 are the recorded ones. */
export async function* readFile(
  store: ObjectStore,
  address: SetAddress,
  { file, bytes, sha256 }: ManifestFile,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let length = 0
  for await (const part of store.read(setPrefix(address) + file, signal === undefined ? {} : { signal })) {
    hash.update(part)
    length += part.length
    yield part
  }
  if (length !== bytes || hash.digest('hex') !== sha256) throw damagedFile(address, file)
}
