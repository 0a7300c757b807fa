import { constants } from 'node:fs'
import { access, readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

const debianPostgres = '/usr/lib/postgresql'
/** Where system programs live that an ordinary user's PATH may leave out. */
const systemDirectories = ['/usr/sbin', '/sbin']

/** Directories that programs are looked for in: PATH, the system's own, and the newest PostgreSQL's. */
export async function programDirectories(env: NodeJS.ProcessEnv): Promise<string[]> {
  const path = (env.PATH ?? '').split(delimiter).filter((directory) => directory.startsWith('/'))
  return [...path, ...systemDirectories, ...(await postgresDirectories())]
}

/** Where Debian keeps the programs of its PostgreSQL versions, newest first. */
export async function postgresDirectories(): Promise<string[]> {
  const versions = (await readdir(debianPostgres).catch(() => [])).filter((name) => /^\d+$/.test(name))
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debianPostgres, version, 'bin'))
}

/** Path of the first program with this name in the directories. */
export async function findProgram(name: string, directories: readonly string[]): Promise<string | undefined> {
  for (const directory of directories) {
    const path = join(directory, name)
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (executable) return path
  }
  return undefined
}
