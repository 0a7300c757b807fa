import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { throwIfAborted } from '../../abort.ts'
import { compareKeys } from '../keys.ts'
import type { ListOptions, ListPage, ObjectInfo } from '../store.ts'
import { fileFailure, hasCode } from './errors.ts'
import { uploadsName } from './paths.ts'

const entriesPerPage = 1000

/** Every page of a listing: the files below the directory, in the order in which S3 lists their keys. */
export async function* listFiles(directory: string, prefix: string, options: ListOptions): AsyncGenerator<ListPage> {
  let page: ListPage = { objects: [], prefixes: [] }
  try {
    for await (const entry of walk(directory, '', prefix, options)) {
      if (typeof entry === 'string') page.prefixes.push(entry)
      else page.objects.push(entry)
      if (page.objects.length + page.prefixes.length < entriesPerPage) continue
      yield page
      page = { objects: [], prefixes: [] }
    }
  } catch (thrown) {
    throw fileFailure(thrown, 'Listing the store', directory)
  }
  yield page
}

/** The objects (and, with a delimiter, the common prefixes) among the keys that begin with `parent`, a folder's key. */
async function* walk(
  directory: string,
  parent: string,
  prefix: string,
  options: ListOptions,
): AsyncGenerator<ObjectInfo | string> {
  const { delimiter, startAfter = '', signal } = options
  throwIfAborted(signal, directory)
  for (const { key, isFolder } of await children(directory, parent)) {
    if (isFolder) {
      const inPrefix = key.startsWith(prefix)
      const before = compareKeys(key, startAfter) < 0 && !startAfter.startsWith(key)
      if (before || (!inPrefix && !prefix.startsWith(key))) continue
      const rolledUp = delimiter !== undefined && inPrefix && key !== prefix
      if (!rolledUp) yield* walk(directory, key, prefix, options)
      else if (await holdsObject(directory, key, { startAfter, ...(signal && { signal }) })) yield key
    } else if (key.startsWith(prefix) && compareKeys(key, startAfter) > 0) {
      const found = await objectInfo(directory, key)
      if (found !== undefined) yield found
    }
  }
}

/** A folder without files is no prefix of any key. */
async function holdsObject(directory: string, folder: string, options: ListOptions): Promise<boolean> {
  const first = await walk(directory, folder, folder, options).next()
  return first.done !== true
}

/** Files and folders directly below a folder, by key; a folder's key ends with a slash and sorts so. */
async function children(directory: string, parent: string): Promise<{ key: string; isFolder: boolean }[]> {
  const entries = await folderEntries(join(directory, parent))
  return entries
    .filter((entry) => entry.isFile() || (entry.isDirectory() && !(parent === '' && entry.name === uploadsName)))
    .map((entry) => ({ key: `${parent}${entry.name}${entry.isDirectory() ? '/' : ''}`, isFolder: entry.isDirectory() }))
    .sort((a, b) => compareKeys(a.key, b.key))
}

async function folderEntries(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (thrown) {
    // It never was, or was tidied away by a delete while we walked.
    if (hasCode(thrown, 'ENOENT', 'ENOTDIR')) return []
    throw thrown
  }
}

async function objectInfo(directory: string, key: string): Promise<ObjectInfo | undefined> {
  try {
    const { size, mtimeMs } = await stat(join(directory, key))
    return { key, bytes: size, modifiedMs: mtimeMs }
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined
    throw thrown
  }
}
