import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { markerStart, type RenderedService } from '../../serverless/render.ts'
import { configFailure } from '../settings/config-failure.ts'

/** What becomes of one file. */
export interface ServiceFileChange {
  path: string
  change: 'new' | 'changed' | 'same' | 'removed'
}

/** Compares what is rendered with the files of the working directory; fails when one of them is somebody's own. */
export async function serviceFileChanges(rendered: readonly RenderedService[]): Promise<ServiceFileChange[]> {
  const existing = new Map<string, string>()
  for (const name of await readdir('.')) {
    if (/^serverless(\.[a-z0-9-]+)?\.yml$/.test(name)) existing.set(name, await readFile(name, 'utf8'))
  }
  const changes = rendered.map(({ path, text }): ServiceFileChange => {
    const before = existing.get(path)
    if (before !== undefined && !before.startsWith(markerStart)) {
      throw configFailure(`${path} was not made by Ballast`, path, 'Move it away, then render again: nothing was written.')
    }
    if (before === undefined) return { path, change: 'new' }
    return { path, change: before === text ? 'same' : 'changed' }
  })
  const stale = [...existing].filter(
    ([name, text]) => text.startsWith(markerStart) && !rendered.some(({ path }) => path === name),
  )
  return [...changes, ...stale.map(([path]) => ({ path, change: 'removed' as const }))]
}

/** Makes the working directory hold what is rendered. */
export async function writeServiceFiles(
  rendered: readonly RenderedService[],
  changes: readonly ServiceFileChange[],
): Promise<void> {
  for (const { path, change } of changes) {
    const file = rendered.find((candidate) => candidate.path === path)
    if (change === 'removed') await rm(path)
    else if (change !== 'same' && file !== undefined) await writeFile(path, file.text)
  }
}
