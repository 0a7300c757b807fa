import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGuard } from '../../functions/platform/guard/guard.ts'
import { serverEnvironment } from '../../functions/platform/postgres/local-server.ts'
import { serverAccount } from '../../functions/platform/postgres/server-account.ts'
import { serverUrl } from '../../functions/platform/postgres/server-files.ts'
import { findPgbouncer } from '../../sandbox/binaries.ts'
import { freePorts } from '../../sandbox/free-port.ts'
import { startService, untilAnswering } from '../../sandbox/service.ts'
import { answersAt } from './tcp-answer.ts'

/** A PgBouncer of one test file, which trusts its users. */
export interface OwnPgbouncer {
  readonly port: number
  url(database: string, user: string): string
  stop(): Promise<void>
}

export interface OwnPgbouncerOptions {
  /** Server connections for each user and database. */
  poolSize: number
  /** Lines of its [databases] section, by name. */
  databases: Readonly<Record<string, string>>
  users: readonly string[]
  /** Who of them may look at its console. */
  statsUsers?: readonly string[]
}

export async function startOwnPgbouncer({
  poolSize,
  databases,
  users,
  statsUsers = [],
}: OwnPgbouncerOptions): Promise<OwnPgbouncer> {
  const [port] = await freePorts(1)
  if (port === undefined) throw new Error('no free port')
  const account = await serverAccount()
  const directory = await mkdtemp(join(tmpdir(), 'ballast-pgbouncer-'))
  await chmod(directory, 0o755)
  const guard = startGuard()
  const release = async (): Promise<void> => {
    await guard.release()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    const ini = join(directory, 'pgbouncer.ini')
    const userlist = join(directory, 'userlist.txt')
    await writeFile(userlist, users.map((user) => `"${user}" ""\n`).join(''))
    await writeFile(ini, iniText({ port, poolSize, databases, userlist, statsUsers }))
    if (account) await chown(directory, account.uid, account.gid)
    const env = serverEnvironment()
    const log = join(directory, 'log')
    const options = { name: 'pgbouncer', command: await findPgbouncer(), args: [ini], env, cwd: directory, account, log }
    const service = await startService(guard, options)
    await untilAnswering(service, () => answersAt(port), 30_000, undefined)
  } catch (error) {
    await release()
    throw error
  }
  return { port, url: (database, user) => serverUrl({ host: '127.0.0.1', port, database, user }), stop: release }
}

function iniText(options: {
  port: number
  poolSize: number
  databases: Readonly<Record<string, string>>
  userlist: string
  statsUsers: readonly string[]
}): string {
  const lines = Object.entries(options.databases).map(([name, value]) => `${name} = ${value}`)
  return `[databases]
${lines.join('\n')}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${options.port}
unix_socket_dir =
auth_type = trust
auth_file = ${options.userlist}
stats_users = ${options.statsUsers.join(', ')}
default_pool_size = ${options.poolSize}
max_client_conn = 100
`
}
