import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { throwIfAborted } from '../../platform/abort.ts'
import { type TreeEntry, walkTree } from './walk-tree.ts'

/** A tree of files, told by one number: two trees with the same digest have the same files. */
export interface TreeDigest {
  entries: number
  /** Of all files together. */
  bytes: number
  /** SHA-256, in hex, over a line for each entry: kind, mode, owner, path, and the content's SHA-256 or a link's target. */
  sha256: string
}

/** Reads the whole tree. What differs between two bakes of the same files (times, inodes) is not in the digest. */
export async function digestTree(root: string, signal?: AbortSignal): Promise<TreeDigest> {
  const hash = createHash('sha256')
  let [entries, bytes] = [0, 0]
  for await (const entry of walkTree(root)) {
    throwIfAborted(signal, root)
    entries += 1
    bytes += entry.bytes
    hash.update(await entryLine(root, entry))
  }
  return { entries, bytes, sha256: hash.digest('hex') }
}

/** A path may hold any byte but zero. */
async function entryLine(root: string, entry: TreeEntry): Promise<string> {
  const { kind, mode, uid, gid, path, target } = entry
  const content = kind === 'file' ? await fileSha256(join(root, path)) : (target ?? '')
  return `${kind} ${mode.toString(8)} ${uid}:${gid} ${path}\0${content}\0`
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(part as Buffer)
  return hash.digest('hex')
}
