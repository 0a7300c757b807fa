import { type Finding, fail, ok, warn } from '../platform/check.ts'
import { CLIENT_PROGRAMS, SERVER_PROGRAMS, type ToolCandidate } from '../platform/postgres/tool-choice.ts'

/** What the stock tools that were found mean, for servers of these major versions (none when no server was asked). */
export function toolFindings(candidates: readonly ToolCandidate[], serverMajors: readonly number[]): Finding[] {
  const newestServer = Math.max(0, ...serverMajors)
  return [clientFinding(candidates, newestServer), ...scratchFindings(candidates, newestServer)]
}

function clientFinding(candidates: readonly ToolCandidate[], newestServer: number): Finding {
  const clients = candidates.filter(({ programs }) => CLIENT_PROGRAMS.every((program) => programs.includes(program)))
  const found = clients.map(({ version, directory }) => `${version.split(' ')[0]} in ${directory}`).join(', ')
  const install = `Run: apt-get install postgresql-client-${newestServer || 17}, or name their directory in BALLAST_PG_BIN.`
  if (clients.length === 0) return fail('client tools', 'no pg_dump with pg_restore, pg_dumpall and psql', install)
  if (clients.some(({ major }) => major >= newestServer)) return ok('client tools', found)
  return fail('client tools', `${found}: older than the server (${newestServer})`, install)
}

function scratchFindings(candidates: readonly ToolCandidate[], newestServer: number): Finding[] {
  const servers = candidates.filter(
    ({ major, programs }) => major >= newestServer && SERVER_PROGRAMS.every((program) => programs.includes(program)),
  )
  const major = newestServer || 17
  const server =
    servers.length > 0
      ? ok('scratch server', `${versionsOf(servers)}: verify can start its own`)
      : warn(
          'scratch server',
          'no PostgreSQL server programs that are new enough',
          `Run: apt-get install postgresql-${major}, or verify with --to URL.`,
        )
  const amcheck = candidates.some(({ major: own, programs }) => own >= newestServer && programs.includes('pg_amcheck'))
    ? ok('pg_amcheck', 'verify walks the indexes')
    : warn('pg_amcheck', 'not found', `Run: apt-get install postgresql-client-${major}; verify needs it to walk the indexes.`)
  return [server, amcheck]
}

function versionsOf(candidates: readonly ToolCandidate[]): string {
  return [...new Set(candidates.map(({ version }) => version.split(' ')[0]))].join(', ')
}
