import { appendFile, chown, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../functions/platform/failure.ts'
import { serverEnvironment } from '../functions/platform/postgres/local-server.ts'
import { serverUrl } from '../functions/platform/postgres/server-files.ts'
import { run } from '../functions/platform/process/run.ts'
import { roles } from './data.ts'
import { psql } from './psql.ts'
import type { ServerNode } from './server-node.ts'

const rewindWithinMs = 120_000
const streamsWithinMs = 60_000
const pollMs = 50

/** Connection of a standby to the primary that it follows. */
export function primaryConninfo(node: Pick<ServerNode, 'name'>, primaryPort: number, password: string | undefined): string {
  const login = `user=${roles.replication} password=${password}`
  return `host=127.0.0.1 port=${primaryPort} ${login} application_name='${node.name}' sslmode=disable`
}

/**
 * Makes a server a standby of that primary, through a slot of its own. What it wrote after the two parted is taken back with
 * pg_rewind. Resolves when it streams.
 *
 * @param replicationPassword of the role that standbys log in with.
 */
export async function followPrimary(
  node: ServerNode,
  primary: ServerNode,
  replicationPassword: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  await askAdmin(
    primary,
    `SELECT pg_create_physical_replication_slot('${node.slot}', true)
    WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '${node.slot}')`,
    signal,
  )
  // Right after a promotion pg_rewind still finds the old timeline in the control file.
  await askAdmin(primary, 'CHECKPOINT', signal)
  // pg_rewind recovers a primary that was killed by itself; a standby it does not.
  if (await isStandby(node)) await node.start(signal)
  await node.stop('fast')
  await rewind(node, primary, signal)
  const { dataDirectory } = node.data
  const following = [
    `primary_conninfo = '${primaryConninfo(node, primary.data.port, replicationPassword).replaceAll("'", "''")}'`,
    `primary_slot_name = '${node.slot}'`,
  ]
  await appendFile(join(dataDirectory, 'postgresql.auto.conf'), `${following.join('\n')}\n`)
  await writeOwned(node, 'standby.signal', '')
  await node.start(signal)
  await untilStreaming(node, signal)
  // Slots from the time when it was a primary would hold back WAL for nobody.
  await askAdmin(node, 'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active', signal)
}

/** Waits until a standby says that it streams. */
export async function untilStreaming(node: ServerNode, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + streamsWithinMs
  while (performance.now() < deadline) {
    if ((await askAdmin(node, 'SELECT status FROM pg_stat_wal_receiver', signal)) === 'streaming') return
    await sleep(pollMs, undefined, { signal })
  }
  throw new Failure(`it did not stream from its primary within ${streamsWithinMs / 1000} s`, {
    ...{ kind: 'transient', subject: node.name, hint: `Read its log: ${node.data.logFile}` },
  })
}

/** Runs a script as the superuser of a server. */
export async function askAdmin(node: ServerNode, script: string, signal: AbortSignal): Promise<string> {
  const { password, pgBin } = node.options
  const login = { database: 'postgres', user: roles.admin, password }
  return await psql(pgBin, serverUrl({ host: '127.0.0.1', port: node.data.port, ...login }), script, signal)
}

/** The configuration is the server's own, and pg_rewind copies the other one's over it. */
async function rewind(node: ServerNode, primary: ServerNode, signal: AbortSignal): Promise<void> {
  const { pgBin, account, password } = node.options
  const { dataDirectory } = node.data
  const own = await readFile(join(dataDirectory, 'postgresql.conf'), 'utf8')
  const source = `host=127.0.0.1 port=${primary.data.port} user=${roles.admin} dbname=postgres`
  await run({
    command: join(pgBin, 'pg_rewind'),
    args: [`--target-pgdata=${dataDirectory}`, `--source-server=${source}`, '--no-sync'],
    env: serverEnvironment({ PGPASSWORD: password ?? '' }),
    cwd: dataDirectory,
    timeoutMs: rewindWithinMs,
    ...account,
    signal,
  })
  await writeOwned(node, 'postgresql.conf', own)
}

async function isStandby(node: ServerNode): Promise<boolean> {
  const found = await stat(join(node.data.dataDirectory, 'standby.signal')).catch(() => undefined)
  return found !== undefined
}

async function writeOwned(node: ServerNode, file: string, text: string): Promise<void> {
  const path = join(node.data.dataDirectory, file)
  await writeFile(path, text, { mode: 0o600 })
  const { account } = node.options
  if (account) await chown(path, account.uid, account.gid)
}
