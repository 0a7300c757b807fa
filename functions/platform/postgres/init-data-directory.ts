import { appendFile, chown, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Account } from '../guard/guard.ts'
import { run } from '../process/run.ts'
import { settingsText } from './server-files.ts'

/** What a new data directory is made with. */
export interface DataDirectoryOptions {
  /** Path of `initdb`. */
  initdb: string
  /** Absolute; its parent exists and belongs to the account. */
  dataDirectory: string
  superuser: string
  /** Asked of every connection (SCRAM); without it the socket directory's own permissions are the only lock (trust). */
  password?: string | undefined
  /** Added to initdb's arguments, for example its locale provider. */
  initdbArgs?: readonly string[] | undefined
  /** Replaces the pg_hba.conf that initdb wrote. */
  hbaLines?: readonly string[] | undefined
  settings: Readonly<Record<string, string>>
  env: Readonly<Record<string, string>>
  account: Account | undefined
  signal?: AbortSignal | undefined
}

/** Creates a cluster's files with initdb, then its settings; nothing runs yet. */
export async function initDataDirectory(options: DataDirectoryOptions): Promise<void> {
  const { dataDirectory, account, signal } = options
  const passwordFile = options.password === undefined ? undefined : join(dirname(dataDirectory), 'initdb-password')
  try {
    if (passwordFile) await writeOwned(passwordFile, `${options.password}\n`, account)
    await run({
      command: options.initdb,
      args: [
        ...['-D', dataDirectory, '-U', options.superuser, '--encoding=UTF8', '--no-sync', '--no-instructions'],
        ...(passwordFile ? ['--auth=scram-sha-256', `--pwfile=${passwordFile}`] : ['--auth=trust']),
        ...(options.initdbArgs ?? []),
      ],
      env: options.env,
      cwd: dirname(dataDirectory),
      ...account,
      ...(signal ? { signal } : {}),
    })
  } finally {
    if (passwordFile) await rm(passwordFile, { force: true })
  }
  await appendFile(join(dataDirectory, 'postgresql.conf'), settingsText(options.settings))
  if (options.hbaLines) await writeFile(join(dataDirectory, 'pg_hba.conf'), `${options.hbaLines.join('\n')}\n`)
}

async function writeOwned(path: string, text: string, account: Account | undefined): Promise<void> {
  await writeFile(path, text, { mode: 0o600 })
  if (account) await chown(path, account.uid, account.gid)
}
