import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../failure.ts'
import { credentialName, type SecretReference } from './secret-reference.ts'
import { describeManagedSecret, readManagedSecret } from './secrets-manager.ts'

type Environment = Readonly<Record<string, string | undefined>>

const maximumFileBytes = 64 * 1024

/**
 * Looks up a secret: what systemd handed to this service under its name, else an environment variable, a file without one
 * trailing newline, or a secret of AWS Secrets Manager. Hand it straight to what needs it.
 *
 * @throws Failure, of kind `config` when it is not there or empty.
 */
export async function readSecret(ref: SecretReference, env: Environment): Promise<string> {
  const credential = await credentialText(ref, env)
  if (credential !== undefined)
    return present(
      credential,
      ref,
      'Write it into the file that LoadCredential= of this service names; `systemctl cat` shows it.',
    )
  if ('env' in ref) return present(env[ref.env], ref, `Set ${ref.env} in the environment of this command.`)
  if ('file' in ref) return present(await fileText(ref.file, ref), ref, `Write the secret, and nothing else, into ${ref.file}.`)
  return present(await readManagedSecret(ref, env), ref, 'Store a value in it.')
}

function present(value: string | undefined, ref: SecretReference, hint: string): string {
  if (value === undefined) throw secretFailure(ref, 'is not set', { hint })
  if (value === '') throw secretFailure(ref, 'is empty', { hint })
  return value
}

/** A service gets secrets as files in a directory of its own; undefined where it got none of that name. */
async function credentialText(ref: SecretReference, { CREDENTIALS_DIRECTORY: directory }: Environment) {
  const name = credentialName(ref)
  if (directory === undefined || name === undefined) return undefined
  const path = join(directory, name)
  const given = await stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  )
  return given ? await fileText(path, ref) : undefined
}

async function fileText(path: string, ref: SecretReference): Promise<string> {
  const hint = `Let the user who runs this read ${path}, a small file that holds nothing but the secret.`
  try {
    const { size } = await stat(path)
    if (size > maximumFileBytes) throw secretFailure(ref, `is over ${maximumFileBytes} bytes`, { hint })
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '')
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    throw secretFailure(ref, `cannot be read (${code})`, { hint, cause })
  }
}

function secretFailure(ref: SecretReference, fault: string, details: { hint: string; cause?: unknown }): Failure {
  const named = describe(ref)
  return new Failure(`the secret "${named}" ${fault}`, { kind: 'config', subject: named, ...details })
}

function describe(ref: SecretReference): string {
  if ('env' in ref) return `env ${ref.env}`
  if ('file' in ref) return `file ${ref.file}`
  return describeManagedSecret(ref)
}
