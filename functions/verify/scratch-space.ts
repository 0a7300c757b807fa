import { statfs } from 'node:fs/promises'
import type { Manifest } from '../archive/manifest.ts'
import { Failure } from '../platform/failure.ts'

const mebibyte = 1024 * 1024
/** An empty server with its WAL. */
const serverBytes = 256 * mebibyte
/** Of the WAL, at its largest. */
const walBytes = 2048 * mebibyte

/** Disk that a restored set may take: rows with their indexes are about twice their text; the WAL is bounded. */
export function neededBytes(manifest: Manifest): number {
  const rows = 2 * manifest.summary.rawBytes
  return serverBytes + rows + Math.min(rows, walBytes) + 2 * manifest.files.reduce((sum, file) => sum + file.bytes, 0)
}

/** Fails when the directory's disk does not have that much left. */
export async function refuseSmallDisk(directory: string, manifest: Manifest): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  const [free, needed] = [bavail * bsize, neededBytes(manifest)]
  if (free >= needed) return
  throw new Failure(
    `${directory} has ${Math.floor(free / mebibyte)} MB free, and restoring this set takes about ${Math.ceil(needed / mebibyte)} MB`,
    {
      kind: 'permanent',
      subject: directory,
      hint: 'Free some space, or name a directory on a larger disk in BALLAST_SCRATCH_DIR; nothing was verified.',
      code: 'ENOSPC',
    },
  )
}
