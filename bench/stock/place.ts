import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workshop } from '../workshop.ts'

/** Where one run of one tool keeps what it makes. */
export interface Place {
  /** The database it reads. */
  database: string
  /** Folder in the bucket, for this tool and dataset. */
  prefix: string
  /** Local file or directory that the tool may make; removed after every run. */
  files: string
}

/** The place of a tool on a database. */
export function placeOf(workshop: Workshop, database: string, tool: string): Place {
  const slug = tool.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return { database, prefix: `${database}/${slug}`, files: join(workshop.directory, `${database}-${slug}`) }
}

/** Removes what is stored at a place. The S3 server keeps objects as files, so this needs no client. */
export async function emptyStore(workshop: Workshop, place: Place): Promise<void> {
  await rm(storedAt(workshop, place), { recursive: true, force: true })
}

/** Removes what a tool keeps locally. */
export async function removeFiles(place: Place): Promise<void> {
  await rm(place.files, { recursive: true, force: true })
}

/** Bytes of all objects at a place. */
export async function storedBytes(workshop: Workshop, place: Place): Promise<number> {
  const directory = storedAt(workshop, place)
  let bytes = 0
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  }
  return bytes
}

function storedAt({ sandbox }: Workshop, { prefix }: Place): string {
  return join(sandbox.s3.objectsDirectory, sandbox.s3.bucket, prefix)
}
