import type { z } from 'zod'
import { isSecretRef, type SecretRef } from '../secret.ts'
import { kindOf, refuse, type Verdict } from '../verdict.ts'
import { leaf } from './leaf.ts'

const REFERENCE_FIX = "write secret('name'), env('NAME') or file('/path')"

/** The reference as a copy: the user's own object is not the one that gets frozen. */
function readSecretRef(raw: unknown): Verdict<SecretRef> {
  if (!isSecretRef(raw)) return refuse(`must be a reference to a secret, not ${kindOf(raw)}`, REFERENCE_FIX)
  if ('env' in raw) {
    const usable = matches(raw.env, /^[A-Za-z_][A-Za-z0-9_]*$/)
    return usable ? { value: { env: raw.env } } : refuse('env() needs the name of a variable', "write e.g. env('PGPASSWORD')")
  }
  if ('file' in raw) {
    const usable = matches(raw.file, /^\/[^\p{Cc}]+$/u)
    return usable
      ? { value: { file: raw.file } }
      : refuse('file() needs an absolute path', "write e.g. file('/etc/ballast/password')")
  }
  const usable = matches(raw.secret, /^[\w/+=.@:-]{1,512}$/) && (raw.key === undefined || matches(raw.key, /^[\w.-]+$/))
  return usable
    ? { value: { ...raw } }
    : refuse('secret() needs the name or ARN of a secret', "write e.g. secret('shop/backup')")
}

/** A definition in JSON may hold anything under the keys of a reference. */
function matches(raw: unknown, pattern: RegExp): boolean {
  return typeof raw === 'string' && pattern.test(raw)
}

/** A reference to a secret; the value itself is refused. */
export function secretRef(): z.ZodType<SecretRef, SecretRef> {
  return leaf<SecretRef, SecretRef>("secret('name')", readSecretRef)
}

/** A URL that may be a secret as a whole. */
export function urlOrSecret(example: string, ...schemes: readonly string[]): z.ZodType<string | SecretRef, string | SecretRef> {
  return leaf<string | SecretRef, string | SecretRef>(`'${example}'`, (raw) => {
    if (typeof raw !== 'string') return readSecretRef(raw)
    const usable = URL.canParse(raw) && schemes.includes(new URL(raw).protocol.slice(0, -1))
    return usable
      ? { value: raw }
      : refuse(`must be a URL (${schemes.join(', ')}) or a reference to one`, `write e.g. '${example}' or secret('name')`)
  })
}

/** A plain value, or a reference where it is a secret. */
export function settingOrSecret(): z.ZodType<string | SecretRef, string | number | boolean | SecretRef> {
  return leaf<string | SecretRef, string | number | boolean | SecretRef>("'value'", (raw) => {
    if (typeof raw === 'object' && raw !== null) return readSecretRef(raw)
    const usable = ['string', 'number', 'boolean'].includes(typeof raw) && !/\p{Cc}/u.test(String(raw))
    return usable ? { value: String(raw) } : refuse('must be one line of text, a number, true or false', "write e.g. 'value'")
  })
}
