import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../functions/platform/process/run.ts'

/** A PostgreSQL installation of the tests' own, which may have extensions that the machine does not. */
export interface PostgresCopy {
  pgBin: string
  remove(): Promise<void>
}

/**
 * Copies the programs of an installation and links the rest, at the same places below a new root: the programs find
 * their files relative to themselves. `extensionFiles` are added by name to the directory of the extensions.
 */
export async function copyPostgres(pgBin: string, extensionFiles: Readonly<Record<string, string>>): Promise<PostgresCopy> {
  const { stdout } = await run({ command: join(pgBin, 'pg_config'), args: ['--bindir', '--sharedir', '--pkglibdir'], env: {} })
  const [binaries = '', shared = '', libraries = ''] = stdout.split('\n')
  const root = await mkdtemp(join(tmpdir(), 'ballast-postgres-'))
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true })
  try {
    await chmod(root, 0o755)
    for (const directory of [binaries, join(shared, 'extension'), join(libraries, '..')]) {
      await mkdir(join(root, directory), { recursive: true })
    }
    for (const name of await readdir(binaries)) await copyFile(join(binaries, name), join(root, binaries, name))
    await symlink(libraries, join(root, libraries))
    await linkAll(shared, join(root, shared), ['extension'])
    await linkAll(join(shared, 'extension'), join(root, shared, 'extension'), [])
    for (const [name, text] of Object.entries(extensionFiles)) await writeFile(join(root, shared, 'extension', name), text)
    return { pgBin: join(root, binaries), remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function linkAll(from: string, to: string, except: readonly string[]): Promise<void> {
  const names = (await readdir(from)).filter((name) => !except.includes(name))
  for (const name of names) await symlink(join(from, name), join(to, name))
}
