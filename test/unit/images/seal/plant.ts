import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What is put into a tree: a file, or a link where there is a target, or nothing in the place of what was there. */
export interface Planted {
  path: string
  content?: string | Buffer
  mode?: number
  target?: string
  directory?: true
  removed?: true
}

/** Puts things into a tree, in place of what was there. */
export async function plant(root: string, things: readonly Planted[]): Promise<void> {
  for (const thing of things) await plantOne(root, thing)
}

async function plantOne(root: string, { path, content = '', mode, target, directory, removed }: Planted): Promise<void> {
  const place = join(root, path)
  await rm(place, { recursive: true, force: true })
  if (removed) return
  await mkdir(directory ? place : dirname(place), { recursive: true, mode: 0o755 })
  if (target !== undefined) await symlink(target, place)
  else if (!directory) await writeFile(place, content, { mode: 0o644 })
  if (mode !== undefined) await chmod(place, mode)
}
