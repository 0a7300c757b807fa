import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../functions/platform/failure.ts'

/** Writes small files that only their owner may read, each whole or not at all, into a directory that is made where it is absent. */
export async function writePrivateFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    for (const [name, content] of Object.entries(files)) await writePrivate(join(directory, name), content)
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException
    throw new Failure(`the seed could not be written: ${message}`, {
      kind: 'permanent',
      subject: directory,
      hint: 'Free space or permit writing there, and run it again.',
      ...(code === undefined ? {} : { code }),
      cause,
    })
  }
}

/** Under another name first, which nobody else can have opened. */
async function writePrivate(path: string, content: string): Promise<void> {
  const fresh = `${path}.new`
  await rm(fresh, { force: true })
  const file = await open(fresh, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
}
