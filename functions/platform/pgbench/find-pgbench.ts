import { Failure } from '../failure.ts'
import { parseToolVersion } from '../postgres/tool-choice.ts'
import { findProgram, postgresDirectories, programDirectories } from '../process/programs.ts'
import { run } from '../process/run.ts'

/** pgbench as it was found. */
export interface Pgbench {
  path: string
  /** As it prints it: `15.18 (Debian 15.18-0+deb12u1)`. */
  version: string
}

/** The first that counts failed transactions. */
const leastMajor = 15
const versionWithinMs = 20_000

/**
 * The pgbench of BALLAST_PG_BIN, else the newest of Debian's, else the one in PATH. One that is newer or older than the server
 * will do.
 *
 * @throws Failure of kind `config` where there is none, or only one that is too old.
 */
export async function findPgbench(env: NodeJS.ProcessEnv): Promise<Pgbench> {
  const named = env.BALLAST_PG_BIN
  const directories = named ? [named] : [...(await postgresDirectories()), ...(await programDirectories(env))]
  const path = await findProgram('pgbench', directories)
  if (path === undefined) throw noPgbench(`there is no pgbench in ${named ?? 'PATH or /usr/lib/postgresql'}`)
  const { stdout } = await run({ command: path, args: ['--version'], env: { LC_ALL: 'C' }, timeoutMs: versionWithinMs })
  const version = parseToolVersion(stdout)
  if (version !== undefined && version.major >= leastMajor) return { path, version: version.version }
  throw noPgbench(`${path} is version ${version?.version ?? stdout.trim()}, and ${leastMajor} is the first that can be judged`)
}

function noPgbench(message: string): Failure {
  return new Failure(message, {
    ...{ kind: 'config', subject: 'pgbench', code: 'NO_PGBENCH' },
    hint: `Install the PostgreSQL server package, of version ${leastMajor} or newer, which brings it: apt-get install postgresql; or name its directory in BALLAST_PG_BIN.`,
  })
}
