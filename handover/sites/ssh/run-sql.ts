import type { Remote } from './remote.ts'

const withinSeconds = 300

/** Which server of a machine is asked, where it is not PostgreSQL's usual one. */
export interface SqlPlace {
  database?: string | undefined
  /** Directory of its socket, which is then the only way to it. */
  host?: string
  signal?: AbortSignal | undefined
}

/** Runs a script on a machine's own PostgreSQL, as its superuser: rows by lines, columns parted by a bar. */
export async function runSql(
  { run }: Remote,
  script: string,
  { database = 'postgres', host, signal }: SqlPlace = {},
): Promise<string> {
  const place = ['-d', database, ...(host === undefined ? [] : ['-h', host])]
  const psql = ['psql', '-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', ...place, '-f', '-']
  return (await run(['runuser', '-u', 'postgres', '--', ...psql], { input: script, withinSeconds, signal })).trimEnd()
}
