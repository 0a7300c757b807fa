import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { SetContents } from './set-contents.ts'
import { readToc, type TocEntry } from './toc.ts'

/** Fetches one of the set's files to a local path, checked against the manifest. */
export async function downloadFile(contents: SetContents, name: string, path: string, signal?: AbortSignal): Promise<void> {
  await pipeline(contents.file(name, signal), createWriteStream(path, { mode: 0o600 }))
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
