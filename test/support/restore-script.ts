import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { findProgram } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'
import { sessionEnvironment } from '../../sandbox/psql.ts'

const needed = [
  'sh',
  'zstd',
  'psql',
  'pg_restore',
  'sha256sum',
  'awk',
  'cat',
  'dirname',
  'grep',
  'head',
  'mktemp',
  'rm',
  'sed',
  'tail',
  'touch',
  'xargs',
]

/** Runs a restore.sh into the database of a URL, in an environment that holds the programs it may use and no other. */
export async function runRestoreScript(script: string, url: string, pgBin: string, jobs = 2): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'ballast-script-'))
  try {
    const { PGDATABASE: DBNAME = '', ...connection } = sessionEnvironment(url)
    const bin = join(root, 'bin')
    await mkdir(bin)
    for (const name of needed) {
      const path = await findProgram(name, [pgBin, ...(process.env.PATH ?? '').split(delimiter)])
      if (path === undefined) throw new Error(`${name} is not installed`)
      await symlink(path, join(bin, name))
    }
    await run({ command: join(bin, 'sh'), args: [script], env: { PATH: bin, DBNAME, JOBS: String(jobs), ...connection } })
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}
