import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { SetAddress } from '../archive/keys.ts'
import type { Manifest } from '../archive/manifest.ts'
import { readFile } from '../archive/read-set.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { readToc, type TocEntry } from './toc.ts'

/** Fetches one of the set's files to a local path, checked against the manifest. */
export async function downloadFile(
  { store, address, manifest, signal }: { store: ObjectStore; address: SetAddress; manifest: Manifest; signal?: AbortSignal },
  name: string,
  path: string,
): Promise<void> {
  const file = manifest.files.find((candidate) => candidate.file === name)
  if (file === undefined) throw new Error(`the manifest of ${address.set} names no ${name}`)
  await pipeline(readFile(store, address, file, signal), createWriteStream(path, { mode: 0o600 }))
}

const tocBytes = 256 * 1024 * 1024

/** The table of contents lies at the archive's start, before any large object: only that part is read. */
export async function readTocOf(archive: string): Promise<TocEntry[]> {
  const file = await open(archive)
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.min(size, tocBytes))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return readToc(bytes.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}
