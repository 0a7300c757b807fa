import { readFile } from 'node:fs/promises'
import { Failure } from '../failure.ts'
import type { Account } from '../guard/guard.ts'

/**
 * The user a server of ours runs as. PostgreSQL refuses to run as root, so root starts it as `postgres` where that user
 * exists and as `nobody` elsewhere; anybody else starts it as themselves (`undefined`).
 */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const account = accountOf(await readFile('/etc/passwd', 'utf8'), ['postgres', 'nobody'])
  if (account) return account
  throw new Failure('there is no unprivileged user to run a PostgreSQL server as', {
    kind: 'config',
    subject: '/etc/passwd',
    hint: 'Run Ballast as a user other than root, or create the user `postgres`.',
  })
}

/** The first of the names that a passwd file knows. */
export function accountOf(passwd: string, names: readonly string[]): Account | undefined {
  const lines = passwd.split('\n').map((line) => line.split(':'))
  for (const name of names) {
    const [, , uid, gid] = lines.find(([user]) => user === name) ?? []
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}
