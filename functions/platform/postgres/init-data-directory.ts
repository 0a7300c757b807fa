import { appendFile, chmod, chown, cp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Failure } from '../failure.ts'
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
  /** A data directory that initdb made before, with these arguments, for the superuser `postgres` and without a password. */
  template?: string | undefined
  /** Added to initdb's arguments, for example its locale provider. */
  initdbArgs?: readonly string[] | undefined
  /** Replaces the pg_hba.conf that initdb wrote. */
  hbaLines?: readonly string[] | undefined
  settings: Readonly<Record<string, string>>
  env: Readonly<Record<string, string>>
  account: Account | undefined
  signal?: AbortSignal | undefined
}

/**
 * Creates a cluster's files with initdb, or as a copy of the template where that says the same, then its settings; nothing
 * runs yet. initdb refuses to work for a user without a name, which a function may be.
 */
export async function initDataDirectory(options: DataDirectoryOptions): Promise<void> {
  const { dataDirectory, template, superuser, password } = options
  if (template !== undefined && superuser === 'postgres' && password === undefined) await copyTemplate(template, dataDirectory)
  else await runInitdb(options)
  await appendFile(join(dataDirectory, 'postgresql.conf'), settingsText(options.settings))
  if (options.hbaLines) await writeFile(join(dataDirectory, 'pg_hba.conf'), `${options.hbaLines.join('\n')}\n`)
}

async function copyTemplate(template: string, dataDirectory: string): Promise<void> {
  try {
    await cp(template, dataDirectory, { recursive: true, errorOnExist: true, force: false })
    await chmod(dataDirectory, 0o700)
  } catch (cause) {
    throw new Failure(
      `the empty server in ${template} cannot be copied: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        ...{ kind: 'config', subject: template },
        cause,
        hint: 'Build the image again, or unset BALLAST_PG_TEMPLATE to have an empty server made by initdb.',
      },
    )
  }
}

async function runInitdb(options: DataDirectoryOptions): Promise<void> {
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
}

async function writeOwned(path: string, text: string, account: Account | undefined): Promise<void> {
  await writeFile(path, text, { mode: 0o600 })
  if (account) await chown(path, account.uid, account.gid)
}
