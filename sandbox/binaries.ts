import { Failure } from '../functions/platform/failure.ts'
import { findProgram, postgresDirectories, programDirectories } from '../functions/platform/process/programs.ts'

const serverPrograms = ['initdb', 'postgres', 'pg_basebackup', 'psql']

/** The directory with the PostgreSQL server's programs: the one named, else the newest of Debian's that has them all. */
export async function findServerBinaries(named?: string): Promise<string> {
  const candidates = named === undefined ? await postgresDirectories() : [named]
  for (const directory of candidates) {
    if (await hasAll(directory, serverPrograms)) return directory
  }
  throw new Failure(
    `no PostgreSQL server was found in ${named ?? '/usr/lib/postgresql/*/bin'} (${serverPrograms.join(', ')})`,
    {
      kind: 'config',
      subject: 'postgresql',
      hint: 'Run `tools/setup` as root, or `apt-get install postgresql`.',
    },
  )
}

/** Path of pgbouncer. */
export async function findPgbouncer(): Promise<string> {
  const path = await findProgram('pgbouncer', await programDirectories(process.env))
  if (path) return path
  throw new Failure('PgBouncer is not installed', {
    kind: 'config',
    subject: 'pgbouncer',
    hint: 'Run `tools/setup` as root, or `apt-get install pgbouncer`.',
  })
}

async function hasAll(directory: string, programs: readonly string[]): Promise<boolean> {
  const found = await Promise.all(programs.map((program) => findProgram(program, [directory])))
  return !found.includes(undefined)
}
