import { Failure } from '../failure.ts'

/** A directory with PostgreSQL programs in it. */
export interface ToolCandidate {
  directory: string
  /** As the programs print it: `15.18 (Debian 15.18-0+deb12u1)`. */
  version: string
  major: number
  /** Names of the programs that it holds, such as `pg_dump`. */
  programs: readonly string[]
}

/** What a directory must hold to serve backups and restores. */
export const CLIENT_PROGRAMS = ['pg_dump', 'pg_restore', 'pg_dumpall', 'psql'] as const
/** What a directory must hold to start a server from it. */
export const SERVER_PROGRAMS = ['initdb', 'postgres', 'pg_ctl'] as const

/**
 * The complete set of client programs that is nearest to the server without being older: the server's own version, else the
 * next; of one version the newest minor, of equals the first.
 *
 * Not the newest of all: an archive of pg_dump 17 needs pg_restore 17, which sends settings (`transaction_timeout`) that
 * a server of version 15 refuses, so the set could not go back to where it came from.
 *
 * @throws Failure of kind `config` that lists what was found.
 */
export function chooseTools(candidates: readonly ToolCandidate[], serverMajor: number): ToolCandidate {
  const chosen = nearest(candidates.filter((one) => one.major >= serverMajor && holds(one, CLIENT_PROGRAMS)))
  if (chosen) return chosen
  const found = candidates.filter((one) => one.programs.includes('pg_dump')).map(describe)
  throw new Failure(
    `no PostgreSQL client tools of version ${serverMajor} or newer: found ${found.length === 0 ? 'none' : found.join('; ')}`,
    {
      kind: 'config',
      subject: `PostgreSQL ${serverMajor} client tools`,
      hint:
        `Run: apt-get install postgresql-client-${serverMajor} (from apt.postgresql.org where the distribution lacks it), ` +
        'or name their directory in BALLAST_PG_BIN.',
      code: 'NO_CLIENT_TOOLS',
    },
  )
}

/** A directory to start a server from: the chosen tools' own, else one of their major, else the nearest that is not older than the source. */
export function chooseServer(
  candidates: readonly ToolCandidate[],
  chosen: ToolCandidate,
  serverMajor: number,
): ToolCandidate | undefined {
  const servers = candidates.filter((one) => one.major >= serverMajor && holds(one, SERVER_PROGRAMS))
  return (
    servers.find((one) => one.directory === chosen.directory) ??
    newest(servers.filter((one) => one.major === chosen.major)) ??
    nearest(servers)
  )
}

/** Major and full version in the answer to `--version`, or undefined when it is not PostgreSQL's. */
export function parseToolVersion(answer: string): { major: number; version: string } | undefined {
  const version = /\(PostgreSQL\)\s+(.+)/.exec(answer)?.[1]?.trim()
  const major = Number.parseInt(version ?? '', 10)
  return version === undefined || Number.isNaN(major) ? undefined : { major, version }
}

function holds(candidate: ToolCandidate, programs: readonly string[]): boolean {
  return programs.every((program) => candidate.programs.includes(program))
}

function nearest(candidates: readonly ToolCandidate[]): ToolCandidate | undefined {
  const major = Math.min(...candidates.map((one) => one.major))
  return newest(candidates.filter((one) => one.major === major))
}

function newest(candidates: readonly ToolCandidate[]): ToolCandidate | undefined {
  let best: ToolCandidate | undefined
  for (const candidate of candidates) {
    if (best === undefined || compareVersions(candidate.version, best.version) > 0) best = candidate
  }
  return best
}

function compareVersions(one: string, other: string): number {
  const [first, second] = [numbersOf(one), numbersOf(other)]
  return first.major - second.major || first.minor - second.minor
}

/** A pre-release (18beta1) counts as older than the first release (18.0). */
function numbersOf(version: string): { major: number; minor: number } {
  const match = /^(\d+)(?:\.(\d+))?/.exec(version)
  return { major: Number(match?.[1] ?? 0), minor: Number(match?.[2] ?? -1) }
}

function describe(candidate: ToolCandidate): string {
  const missing = CLIENT_PROGRAMS.filter((program) => !candidate.programs.includes(program))
  const lacks = missing.length === 0 ? '' : ` without ${missing.join(', ')}`
  return `${candidate.version.split(' ')[0]} in ${candidate.directory}${lacks}`
}
