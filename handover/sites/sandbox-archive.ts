import { randomBytes } from 'node:crypto'
import { appendFile, chown, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../config/cluster.ts'
import { startGuard } from '../../functions/platform/guard/guard.ts'
import { launchServer } from '../../functions/platform/postgres/launch-server.ts'
import { claimDirectory, makeOwned, serverEnvironment } from '../../functions/platform/postgres/local-server.ts'
import { listenSettings, serverUrl, settingsText } from '../../functions/platform/postgres/server-files.ts'
import { run } from '../../functions/platform/process/run.ts'
import { roles } from '../../sandbox/data.ts'
import { freePorts } from '../../sandbox/free-port.ts'
import { psql } from '../../sandbox/psql.ts'
import type { ServerNode } from '../../sandbox/server-node.ts'
import type { RecoveredServer } from './site.ts'

const program = '/usr/bin/pgbackrest'
const withinMs = 600_000
const pollMs = 50

/**
 * Settings with which a sandbox archives its WAL by pgBackRest, once there is a repository: into a directory beside the
 * primary's files. Until then, and on a server that was promoted, every segment counts as archived.
 */
export function archiveSettings({ name, backup, postgres }: Cluster): Record<string, string> {
  if (backup.pitr === undefined) return {}
  // The server runs it in its data directory.
  const configured = 'test -e ../archive.conf'
  return {
    archive_mode: 'on',
    archive_command: `! ${configured} || pgbackrest --config="$(realpath ../archive.conf)" --stanza=${name} archive-push %p`,
    archive_timeout: String(postgres.archiveTimeoutSeconds),
  }
}

/** Runs pgBackRest as the server's own account; makes the repository when it is first asked for anything. */
export async function runPgbackrest(
  node: ServerNode,
  cluster: Cluster,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const config = configOf(node)
  const made = await stat(config).catch(() => undefined)
  if (made === undefined) {
    await writeConfig(node, cluster)
    await invoke(node, cluster, ['stanza-create'], signal)
  }
  return await invoke(node, cluster, args, signal)
}

function configOf({ data }: ServerNode): string {
  return join(dirname(data.dataDirectory), 'archive.conf')
}

async function writeConfig(node: ServerNode, { name, backup }: Cluster): Promise<void> {
  const { dataDirectory, port, socketDirectory } = node.data
  const { account } = node.options
  const place = join(dirname(dataDirectory), 'archive')
  await makeOwned([place], account)
  const text = `[global]
repo1-path=${join(place, 'repository')}
repo1-retention-full=${backup.pitr?.keepFull ?? 1}
lock-path=${join(place, 'lock')}
log-path=${join(place, 'log')}
spool-path=${join(place, 'spool')}
log-level-console=info
log-level-file=off
start-fast=y
compress-type=zst
compress-level=1
[${name}]
pg1-path=${dataDirectory}
pg1-port=${port}
pg1-socket-path=${socketDirectory}
pg1-user=${roles.admin}
`
  await writeFile(configOf(node), text, { mode: 0o600 })
  if (account) await chown(configOf(node), account.uid, account.gid)
}

async function invoke(node: ServerNode, { name }: Cluster, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { account, password } = node.options
  const { stdout } = await run({
    command: program,
    args: [`--config=${configOf(node)}`, `--stanza=${name}`, ...args],
    env: serverEnvironment({ PGPASSWORD: password ?? '' }),
    cwd: node.data.dataDirectory,
    timeoutMs: withinMs,
    ...account,
    signal,
  })
  return stdout
}

/** Restores into a directory of its own and starts a server there, on a port of loopback; it ends with this process. */
export async function recoverSandbox(
  node: ServerNode,
  cluster: Cluster,
  moment: string,
  signal: AbortSignal,
): Promise<RecoveredServer> {
  const { account, pgBin, password } = node.options
  const directory = `${node.data.dataDirectory}-${randomBytes(4).toString('hex')}`
  const [dataDirectory, socketDirectory] = [join(directory, 'data'), join(directory, 'socket')]
  const guard = startGuard()
  try {
    await claimDirectory(guard, directory, account)
    await makeOwned([dataDirectory, socketDirectory], account)
    const until = ['--type=time', `--target=${moment}`, '--target-action=promote']
    await runPgbackrest(node, cluster, [`--pg1-path=${dataDirectory}`, ...until, 'restore'], signal)
    const [port = 0] = await freePorts(1)
    const own = { ...listenSettings(socketDirectory, { port }), archive_mode: 'off', synchronous_standby_names: '' }
    await appendFile(join(dataDirectory, 'postgresql.auto.conf'), settingsText(own))
    const logFile = join(directory, 'server.log')
    const server = await launchServer(guard, {
      ...{ postgres: join(pgBin, 'postgres'), dataDirectory, socketDirectory, logFile, listen: { port } },
      ...{ superuser: roles.admin, password, env: serverEnvironment(), account, signal },
    })
    const login = { host: '127.0.0.1', port, user: roles.admin, password }
    const sql: RecoveredServer['sql'] = async (script, { database = 'postgres', signal: asked } = {}) => {
      return await psql(pgBin, serverUrl({ ...login, database }), script, asked)
    }
    await untilRecovered(sql, signal)
    return {
      sql,
      stop: async () => {
        await server.stop('immediate')
        await guard.release()
      },
    }
  } catch (error) {
    await guard.release()
    throw error
  }
}

/** It answers before it has reached the moment. One that cannot reach it ends, and then answers no more. */
async function untilRecovered(sql: RecoveredServer['sql'], signal: AbortSignal): Promise<void> {
  while ((await sql('SELECT pg_is_in_recovery()', { signal })) !== 'f') await sleep(pollMs, undefined, { signal })
}
