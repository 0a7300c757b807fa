import { randomUUID } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../failure.ts'
import { compareKeys } from '../keys.ts'
import type { PendingUpload } from '../store.ts'
import { hasCode } from './errors.ts'
import { makeFolders } from './folders.ts'
import { uploadsName } from './paths.ts'

/** Begin time in milliseconds, then a random part; sorts by time. */
const uploadIdShape = /^(\d{15})-[0-9a-f-]{36}$/

const dataName = 'data'

/** One unfinished upload: a directory with the bytes so far, and the key they are meant for. */
export interface UploadFolder {
  folder: string
  dataPath: string
}

export async function beginUpload(directory: string, key: string, nowMs: number): Promise<UploadFolder> {
  const folder = join(directory, uploadsName, `${String(nowMs).padStart(15, '0')}-${randomUUID()}`)
  await makeFolders(folder)
  try {
    await writeFile(join(folder, 'key'), key)
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true })
    throw thrown
  }
  return { folder, dataPath: join(folder, dataName) }
}

/** Where the bytes of an upload are until it is finished. Undefined for what is no upload id. */
export function uploadedData(directory: string, uploadId: string): string | undefined {
  return uploadIdShape.test(uploadId) ? join(directory, uploadsName, uploadId, dataName) : undefined
}

/** The unfinished uploads of keys under a prefix, by key; and those that were stopped before they had noted any, as key "". */
export async function unfinishedUploads(directory: string, prefix: string): Promise<PendingUpload[]> {
  const found: PendingUpload[] = []
  for (const uploadId of await uploadIds(directory)) {
    const key = await keyOf(join(directory, uploadsName, uploadId))
    if (key === '' || key?.startsWith(prefix))
      found.push({ key, uploadId, startedMs: Number(uploadIdShape.exec(uploadId)?.[1]) })
  }
  return found.sort((a, b) => compareKeys(a.key, b.key) || compareKeys(a.uploadId, b.uploadId))
}

export async function removeUpload(directory: string, uploadId: string): Promise<void> {
  if (!uploadIdShape.test(uploadId)) {
    throw new Failure('This is no upload id of a directory store', {
      kind: 'config',
      subject: uploadId,
      code: 'BadUploadId',
      hint: 'Take the id from the list of pending uploads.',
    })
  }
  await rm(join(directory, uploadsName, uploadId), { recursive: true, force: true })
}

async function uploadIds(directory: string): Promise<string[]> {
  try {
    const names = await readdir(join(directory, uploadsName))
    return names.filter((name) => uploadIdShape.test(name))
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return []
    throw thrown
  }
}

/** Undefined for an upload that has just ended. */
async function keyOf(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, 'key'), 'utf8')
  } catch (thrown) {
    if (!hasCode(thrown, 'ENOENT')) throw thrown
    const left = await readdir(folder).catch(() => undefined)
    return left === undefined ? undefined : ''
  }
}
