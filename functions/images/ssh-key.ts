import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../platform/process/run.ts'

/** A key pair that lives as long as its directory. */
export interface SshKey {
  privateKeyFile: string
  /** One line, as in authorized_keys. */
  publicKey: string
}

/** Makes an ed25519 key without a passphrase in a private directory. */
export async function makeSshKey(directory: string): Promise<SshKey> {
  const privateKeyFile = join(directory, 'ssh-key')
  const args = ['-q', '-t', 'ed25519', '-N', '', '-C', 'ballast', '-f', privateKeyFile]
  await run({ command: '/usr/bin/ssh-keygen', args, env: {}, timeoutMs: 60_000 })
  return { privateKeyFile, publicKey: (await readFile(`${privateKeyFile}.pub`, 'utf8')).trim() }
}
