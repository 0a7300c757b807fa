import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../platform/process/run.ts'
import type { GuestShell } from '../../platform/qemu/guest-shell.ts'
import type { Lab } from './lab.ts'

/** Asks a machine's own PostgreSQL, as its superuser: rows by lines, columns parted by a bar. */
export async function askPostgres(shell: GuestShell, sql: string, database = 'postgres'): Promise<string> {
  const psql = ['psql', '-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-d', database]
  const { stdout } = await shell.run(['runuser', '-u', 'postgres', '--', ...psql], { input: sql })
  return stdout.trim()
}

/** A login over the lab's network. */
export interface NetworkLogin {
  host: string
  port: number
  user: string
  password: string
  database: string
  /** How long a server may let the connection wait. */
  connectSeconds?: number
}

const withinMs = 60_000
/** Programs of PostgreSQL 14 and newer speak with all servers that images have. */
const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', PGSSLMODE: 'require' }

/** Runs a client program of PostgreSQL in the lab's network, and returns what it wrote. The password goes by a file. */
export async function runClient(
  lab: Lab,
  { host, port, user, password, database, connectSeconds = 20 }: NetworkLogin,
  command: string,
  args: readonly string[],
  timeoutMs = withinMs,
): Promise<string> {
  const passwordFile = join(lab.directory, `password-${randomUUID()}`)
  await writeFile(passwordFile, `*:*:*:*:${password}\n`, { mode: 0o600 })
  try {
    const login = {
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGDATABASE: database,
      PGPASSFILE: passwordFile,
      PGCONNECT_TIMEOUT: String(connectSeconds),
    }
    const line = lab.network.inside(command, args)
    const spec = { ...line, env: { ...env, ...login }, timeoutMs, ...(lab.signal && { signal: lab.signal }) }
    return (await run(spec)).stdout.trim()
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** Runs SQL over the lab's network. */
export async function query(lab: Lab, login: NetworkLogin, sql: string): Promise<string> {
  return await runClient(lab, login, 'psql', ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-c', sql])
}
