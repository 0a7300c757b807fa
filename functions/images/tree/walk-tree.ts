import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** One entry of a tree, as seen from inside: links are not followed, since an absolute one would lead out of the tree. */
export interface TreeEntry {
  /** Absolute, in the tree: `/etc/hostname`. */
  path: string
  kind: 'directory' | 'file' | 'link' | 'other'
  /** Permission bits, with set-user-id, set-group-id and sticky. */
  mode: number
  uid: number
  gid: number
  /** Of a file; 0 for everything else. */
  bytes: number
  /** Where a link points to. */
  target?: string
}

/** What the kernel puts there at run time: whatever a bake left below is not in the image's files. */
const mountPoints = new Set(['/dev', '/proc', '/run', '/sys'])
const permissionBits = 0o7777

/** Every entry below a root, directories before what is in them, sorted by name: the same tree gives the same order. */
export async function* walkTree(root: string): AsyncGenerator<TreeEntry> {
  const waiting = ['/']
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    const names = (await readdir(join(root, directory))).sort()
    const paths = names.map((name) => join(directory, name))
    const entries = await Promise.all(paths.map((path) => readEntry(root, path)))
    yield* entries
    const deeper = entries.filter(({ kind, path }) => kind === 'directory' && !mountPoints.has(path))
    waiting.push(...deeper.map(({ path }) => path).reverse())
  }
}

async function readEntry(root: string, path: string): Promise<TreeEntry> {
  const stats = await lstat(join(root, path))
  const kind = stats.isDirectory() ? 'directory' : stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other'
  return {
    ...{ path, kind, mode: stats.mode & permissionBits, uid: stats.uid, gid: stats.gid },
    bytes: kind === 'file' ? stats.size : 0,
    ...(kind === 'link' ? { target: await readlink(join(root, path)) } : {}),
  }
}
