import { chown, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Account, Guard } from '../functions/platform/guard/guard.ts'
import { makeOwned, serverEnvironment } from '../functions/platform/postgres/local-server.ts'
import { findPgbouncer } from './binaries.ts'
import { roles } from './data.ts'
import { type Service, startService, untilAnswering } from './service.ts'

/** Where PgBouncer goes and what it stands before. */
export interface PgbouncerOptions {
  /** Absolute; made here. */
  directory: string
  port: number
  primaryPort: number
  limits?: PoolerLimits | undefined
  passwords: Readonly<Record<string, string>>
  account: Account | undefined
  signal?: AbortSignal | undefined
}

/** What clients and servers PgBouncer keeps, as the definition of a cluster says it. */
export interface PoolerLimits {
  databases: readonly { name: string; size: number; reserve: number; most: number }[]
  maxClients: number
  reserveAfterSeconds: number
  queryWaitSeconds: number
}

/** A running PgBouncer. */
export interface Pooler extends Service {
  /** Leads its clients to another primary. */
  leadTo(primaryPort: number): Promise<void>
  /** Takes over the passwords that its own users have now. */
  rereadPasswords(): Promise<void>
}

const readyWithinMs = 15_000
const ownLimits: PoolerLimits = { databases: [], maxClients: 500, reserveAfterSeconds: 5, queryWaitSeconds: 120 }
const poolSize = 20

/** Transaction pooling; users are looked up in the database itself, so that no application password is stored here. */
export function pgbouncerIni(
  { port, primaryPort, limits = ownLimits }: Pick<PgbouncerOptions, 'port' | 'primaryPort' | 'limits'>,
  userlist: string,
): string {
  const server = `host=127.0.0.1 port=${primaryPort}`
  const databases = limits.databases.map(({ name, size, reserve, most }) => {
    return `${name} = ${server} pool_size=${size} reserve_pool=${reserve} max_db_connections=${most}\n`
  })
  return `[databases]
${databases.join('')}* = ${server}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
pool_mode = transaction
auth_type = scram-sha-256
auth_file = ${userlist}
auth_user = ${roles.pooler}
auth_query = SELECT uname, phash FROM pgbouncer.user_lookup($1)
stats_users = ${roles.pooler}, ${roles.monitor}
ignore_startup_parameters = extra_float_digits
default_pool_size = ${poolSize}
max_client_conn = ${limits.maxClients}
reserve_pool_timeout = ${limits.reserveAfterSeconds}
query_wait_timeout = ${limits.queryWaitSeconds}
; Here it stands in for the application as well, which would be led to the new primary and not wait for the old one.
server_login_retry = 1
`
}

/** Starts PgBouncer in front of the primary. */
export async function startPgbouncer(guard: Guard, options: PgbouncerOptions): Promise<Pooler> {
  const { directory, port, account, passwords } = options
  const command = await findPgbouncer()
  const ini = join(directory, 'pgbouncer.ini')
  const userlist = join(directory, 'userlist.txt')
  await makeOwned([directory], account)
  const writeUsers = async (): Promise<void> => {
    const users = [roles.pooler, roles.monitor].map((role) => `"${role}" "${passwords[role]}"\n`)
    await writeFile(userlist, users.join(''), { mode: 0o600 })
  }
  await writeUsers()
  const writeIni = (primaryPort: number) => writeFile(ini, pgbouncerIni({ ...options, primaryPort }, userlist), { mode: 0o600 })
  await writeIni(options.primaryPort)
  if (account) for (const file of [ini, userlist]) await chown(file, account.uid, account.gid)
  const log = join(directory, 'pgbouncer.log')
  const env = serverEnvironment()
  const service = await startService(guard, { name: 'pgbouncer', command, args: [ini], env, cwd: directory, account, log })
  await untilAnswering(service, () => accepts(port), readyWithinMs, options.signal)
  const leadTo = async (primaryPort: number): Promise<void> => {
    await writeIni(primaryPort)
    process.kill(service.pid, 'SIGHUP')
  }
  const rereadPasswords = async (): Promise<void> => {
    await writeUsers()
    process.kill(service.pid, 'SIGHUP')
  }
  return { ...service, leadTo, rereadPasswords }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
