import { access, chmod, mkdir, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MARKER, type RenderedFile } from './render.ts'

/** What becomes of one file below the directory of the templates. */
export interface TemplateChange {
  path: string
  change: 'new' | 'changed' | 'same' | 'removed'
}

/** Whether a directory holds nothing, or what {@link writeTemplates} wrote: only then may files in it be removed. */
export async function isOwnDirectory(directory: string): Promise<boolean> {
  const files = await filesBelow(directory)
  if (files.length === 0) return true
  const templates = files.filter((path) => path.endsWith('/image.pkr.json'))
  const texts = await Promise.all(templates.map((path) => readFile(join(directory, path), 'utf8')))
  return texts.some((text) => text.includes(`"//": "${MARKER}`))
}

/** Compares what is rendered with the files of a directory, which need not be there. Sorted by path. */
export async function templateChanges(
  directory: string,
  rendered: readonly RenderedFile[],
): Promise<readonly TemplateChange[]> {
  const wanted = new Set(rendered.map(({ path }) => path))
  const stale = (await filesBelow(directory)).filter((path) => !wanted.has(path))
  const changes = await Promise.all(
    rendered.map(async (file): Promise<TemplateChange> => ({ path: file.path, change: await compare(directory, file) })),
  )
  return [...changes, ...stale.map((path) => ({ path, change: 'removed' as const }))].toSorted((a, b) =>
    a.path < b.path ? -1 : 1,
  )
}

/** Makes a directory hold what is rendered and nothing else; a file that is right already is not touched. */
export async function writeTemplates(
  directory: string,
  rendered: readonly RenderedFile[],
  changes: readonly TemplateChange[],
): Promise<void> {
  const different = new Set(changes.filter(({ change }) => change !== 'same').map(({ path }) => path))
  for (const { path, text, executable } of rendered.filter((file) => different.has(file.path))) {
    const target = join(directory, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text)
    await chmod(target, executable ? 0o755 : 0o644)
  }
  for (const { path } of changes.filter(({ change }) => change === 'removed')) {
    await rm(join(directory, path))
    await removeEmpty(directory, dirname(path))
  }
}

async function compare(directory: string, { path, text, executable }: RenderedFile): Promise<TemplateChange['change']> {
  const target = join(directory, path)
  const found = await access(target).then(
    () => true,
    () => false,
  )
  if (!found) return 'new'
  const same = (await readFile(target, 'utf8')) === text && (((await stat(target)).mode & 0o100) !== 0) === executable
  return same ? 'same' : 'changed'
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = entries.filter((entry) => !entry.isDirectory())
  return files.map((entry) => join(entry.parentPath, entry.name).slice(join(directory, '/').length))
}

async function removeEmpty(directory: string, below: string): Promise<void> {
  if (below === '.' || (await readdir(join(directory, below))).length > 0) return
  await rmdir(join(directory, below))
  await removeEmpty(directory, dirname(below))
}
