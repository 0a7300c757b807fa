import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Failure } from '../../functions/platform/failure.ts'
import type { FilePlan } from '../../functions/timers/file-plan.ts'
import type { RenderedFile } from '../../functions/timers/render.ts'
import { unitDirectory } from '../../functions/timers/render.ts'

const directories = [unitDirectory, 'etc/sysusers.d', 'etc/tmpfiles.d']
const mode = 0o644

/** The files below a root that could be Ballast's, by their names. */
export async function existingFiles(root: string): Promise<RenderedFile[]> {
  const files: RenderedFile[] = []
  for (const directory of directories) {
    const names = await readdir(join(root, directory)).catch(() => [])
    for (const name of names.filter((candidate) => /^ballast-.*\.(service|timer|conf)$/.test(candidate))) {
      const path = `${directory}/${name}`
      if ((await lstat(join(root, path))).isFile()) files.push({ path, text: await readFile(join(root, path), 'utf8') })
    }
  }
  return files
}

/** Writes and removes what a plan says. Every new text is on the disk under another name before the first file changes. */
export async function applyPlan(root: string, { write, remove }: Pick<FilePlan, 'write' | 'remove'>): Promise<void> {
  const staged: { from: string; to: string }[] = []
  try {
    for (const { path, text } of write) {
      const to = join(root, path)
      const from = join(dirname(to), `.${basename(to)}.new`)
      staged.push({ from, to })
      await stage(from, text)
    }
    for (const { from, to } of staged) await rename(from, to)
    for (const path of remove) await rm(join(root, path), { force: true })
  } catch (cause) {
    for (const { from } of staged) await rm(from, { force: true })
    throw notWritten(root, cause)
  }
}

async function stage(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'w', mode)
  try {
    await file.chmod(mode)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

function notWritten(root: string, cause: unknown): Failure {
  const { message, code } = cause as NodeJS.ErrnoException
  return new Failure(`the files could not be written: ${message}`, {
    kind: 'permanent',
    subject: root,
    hint: 'Free space or permit writing there, then run it again: it writes what is still missing.',
    ...(code === undefined ? {} : { code }),
    cause,
  })
}
