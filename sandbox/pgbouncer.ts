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
  passwords: Readonly<Record<string, string>>
  account: Account | undefined
  signal?: AbortSignal | undefined
}

const readyWithinMs = 15_000

/** Transaction pooling; users are looked up in the database itself, so that no application password is stored here. */
export function pgbouncerIni(options: Pick<PgbouncerOptions, 'port' | 'primaryPort'>, userlist: string): string {
  return `[databases]
* = host=127.0.0.1 port=${options.primaryPort}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${options.port}
unix_socket_dir =
pool_mode = transaction
auth_type = scram-sha-256
auth_file = ${userlist}
auth_user = ${roles.pooler}
auth_query = SELECT uname, phash FROM pgbouncer.user_lookup($1)
stats_users = ${roles.pooler}, ${roles.monitor}
ignore_startup_parameters = extra_float_digits
default_pool_size = 20
max_client_conn = 500
`
}

/** Starts PgBouncer in front of the primary. */
export async function startPgbouncer(guard: Guard, options: PgbouncerOptions): Promise<Service> {
  const { directory, port, account, passwords } = options
  const command = await findPgbouncer()
  const ini = join(directory, 'pgbouncer.ini')
  const userlist = join(directory, 'userlist.txt')
  await makeOwned([directory], account)
  const users = [roles.pooler, roles.monitor].map((role) => `"${role}" "${passwords[role]}"\n`)
  await writeFile(userlist, users.join(''), { mode: 0o600 })
  await writeFile(ini, pgbouncerIni(options, userlist), { mode: 0o600 })
  if (account) for (const file of [ini, userlist]) await chown(file, account.uid, account.gid)
  const log = join(directory, 'pgbouncer.log')
  const env = serverEnvironment()
  const service = await startService(guard, { name: 'pgbouncer', command, args: [ini], env, cwd: directory, account, log })
  await untilAnswering(service, () => accepts(port), readyWithinMs, options.signal)
  return service
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
