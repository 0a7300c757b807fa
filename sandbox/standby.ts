import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account, Guard } from '../functions/platform/guard/guard.ts'
import { type LocalServer, launchServer } from '../functions/platform/postgres/launch-server.ts'
import { makeOwned, serverEnvironment } from '../functions/platform/postgres/local-server.ts'
import { listenSettings, settingsText } from '../functions/platform/postgres/server-files.ts'
import { run } from '../functions/platform/process/run.ts'
import { roles } from './data.ts'

/** Where the standby goes and whom it follows. */
export interface StandbyOptions {
  /** Its `application_name`. */
  name: string
  /** The physical replication slot that it streams through; made here. */
  slot: string
  pgBin: string
  /** Absolute; made here. */
  directory: string
  port: number
  primary: LocalServer
  passwords: Readonly<Record<string, string>>
  account: Account | undefined
  signal?: AbortSignal | undefined
}

const baseBackupWithinMs = 120_000

/** Copies the primary with pg_basebackup and starts the copy as a streaming hot standby with a slot. */
export async function startStandby(guard: Guard, options: StandbyOptions): Promise<LocalServer> {
  const { name, directory, port, account, signal } = options
  const dataDirectory = join(directory, 'data')
  const socketDirectory = join(directory, 'socket')
  await makeOwned([directory, socketDirectory], account)
  const slot = ['--create-slot', '--slot', options.slot]
  await run({
    command: join(options.pgBin, 'pg_basebackup'),
    args: ['-D', dataDirectory, '--write-recovery-conf', '--wal-method=stream', '--checkpoint=fast', '--no-sync', ...slot],
    env: serverEnvironment({
      PGHOST: '127.0.0.1',
      PGPORT: String(options.primary.port),
      PGUSER: roles.replication,
      PGPASSWORD: options.passwords[roles.replication] ?? '',
      PGAPPNAME: name,
    }),
    cwd: directory,
    timeoutMs: baseBackupWithinMs,
    ...account,
    ...(signal ? { signal } : {}),
  })
  await appendFile(join(dataDirectory, 'postgresql.conf'), settingsText(listenSettings(socketDirectory, { port })))
  return launchServer(guard, {
    ...{ dataDirectory, socketDirectory, account, signal },
    postgres: join(options.pgBin, 'postgres'),
    listen: { port },
    logFile: join(directory, 'server.log'),
    superuser: roles.admin,
    password: options.passwords[roles.admin],
    env: serverEnvironment(),
  })
}
