import type { RenderedFile } from './render.ts'
import { markedCluster } from './unit-names.ts'

/** What happens to a file. */
export type FileChange = 'new' | 'changed' | 'same' | 'removed'

/** How the files on a machine become the rendered ones. */
export interface FilePlan {
  /** Sorted by path. */
  changes: readonly { path: string; change: FileChange }[]
  write: readonly RenderedFile[]
  remove: readonly string[]
  /** Files that are in the way, and whose they are: another cluster's, or undefined for somebody's own. */
  foreign: readonly { path: string; cluster: string | undefined }[]
}

/** What to write and remove: files of this cluster that are not rendered any more are stale; all others are left alone. */
export function planFiles(cluster: string, rendered: readonly RenderedFile[], existing: readonly RenderedFile[]): FilePlan {
  const before = new Map(existing.map(({ path, text }) => [path, text]))
  const after = new Set(rendered.map(({ path }) => path))
  const changeOf = ({ path, text }: RenderedFile): FileChange => {
    const old = before.get(path)
    if (old === undefined) return 'new'
    return old === text ? 'same' : 'changed'
  }
  const write = rendered.filter((file) => changeOf(file) !== 'same')
  const remove = existing
    .filter(({ path, text }) => !after.has(path) && markedCluster(text) === cluster)
    .map(({ path }) => path)
  const foreign = write.flatMap(({ path }) => {
    const old = before.get(path)
    return old === undefined || markedCluster(old) === cluster ? [] : [{ path, cluster: markedCluster(old) }]
  })
  const changes = [
    ...rendered.map((file) => ({ path: file.path, change: changeOf(file) })),
    ...remove.map((path) => ({ path, change: 'removed' as const })),
  ]
  return { changes: changes.sort((a, b) => (a.path < b.path ? -1 : 1)), write, remove, foreign }
}
