import { join } from 'node:path'
import { run } from '../functions/platform/process/run.ts'

const withinMs = 60_000

/** Runs a script in one session, stops at its first error, and returns the rows (unaligned, `|` between columns). */
export async function psql(pgBin: string, url: string, script: string, signal?: AbortSignal): Promise<string> {
  const { stdout } = await run({
    command: join(pgBin, 'psql'),
    args: ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-f', '-'],
    env: {
      PATH: '/usr/bin:/bin',
      ...sessionEnvironment(url),
      PGCLIENTENCODING: 'UTF8',
    },
    input: Buffer.from(script),
    timeoutMs: withinMs,
    ...(signal && { signal }),
  })
  return stdout.trimEnd()
}

/** A connection URL as libpq's variables, so that its password is in no argument. */
export function sessionEnvironment(url: string): Record<string, string> {
  const { hostname, port, pathname, username, password } = new URL(url)
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
  }
}
