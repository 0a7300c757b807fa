import { readFile, stat } from 'node:fs/promises'
import { Failure } from '../failure.ts'

/** Where a secret is kept, as the definition refers to it. */
export type SecretReference =
  | { readonly secret: string; readonly key?: string }
  | { readonly env: string }
  | { readonly file: string }

const maximumFileBytes = 64 * 1024

/**
 * Looks up a secret: an environment variable, or a file without one trailing newline. Hand it straight to what needs it.
 *
 * @throws Failure of kind `config` when it is not there, empty, or of a kind that cannot be read here. Never falls back.
 */
export async function readSecret(ref: SecretReference, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  if ('env' in ref) return present(env[ref.env], ref, `Set ${ref.env} in the environment of this command.`)
  if ('file' in ref) return present(await fileText(ref), ref, `Write the secret, and nothing else, into ${ref.file}.`)
  throw secretFailure(ref, 'is kept in AWS Secrets Manager, which this version does not read', {
    hint: "Write env('NAME') or file('/path') in the definition, and put the secret there before the run.",
  })
}

function present(value: string | undefined, ref: SecretReference, hint: string): string {
  if (value === undefined) throw secretFailure(ref, 'is not set', { hint })
  if (value === '') throw secretFailure(ref, 'is empty', { hint })
  return value
}

async function fileText(ref: Extract<SecretReference, { file: string }>): Promise<string> {
  const hint = `Let the user who runs this read ${ref.file}, a small file that holds nothing but the secret.`
  try {
    const { size } = await stat(ref.file)
    if (size > maximumFileBytes) throw secretFailure(ref, `is over ${maximumFileBytes} bytes`, { hint })
    return (await readFile(ref.file, 'utf8')).replace(/\r?\n$/, '')
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
  return `secret ${ref.secret}`
}
