import { inspect } from 'node:util'

/** Where a secret is kept. Plain data: it may be printed, hashed and sent to a worker; the secret itself is not in it. */
export type SecretRef =
  /** A secret of AWS Secrets Manager; `key` picks one field of a JSON secret. */
  | { readonly secret: string; readonly key?: string }
  /** An environment variable. */
  | { readonly env: string }
  /** A file that holds nothing but the secret; one trailing newline is not part of it. */
  | { readonly file: string }

/** Refers to a secret in AWS Secrets Manager, by name or ARN; `key` picks one field of a JSON secret. */
export function secret(name: string, key?: string): SecretRef {
  return Object.freeze(key === undefined ? { secret: name } : { secret: name, key })
}

/** Refers to an environment variable. */
export function env(name: string): SecretRef {
  return Object.freeze({ env: name })
}

/** Refers to a file, by absolute path. */
export function file(path: string): SecretRef {
  return Object.freeze({ file: path })
}

/** Whether a raw value has the shape of a reference; says nothing about its name being well formed. */
export function isSecretRef(raw: unknown): raw is SecretRef {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return false
  const keys = Object.keys(raw).sort().join(' ')
  return keys === 'secret' || keys === 'key secret' || keys === 'env' || keys === 'file'
}

/** A reference for people: `secret shop/backup`, `env PGPASSWORD`. */
export function describeSecretRef(ref: SecretRef): string {
  if ('env' in ref) return `env ${ref.env}`
  if ('file' in ref) return `file ${ref.file}`
  return ref.key === undefined ? `secret ${ref.secret}` : `secret ${ref.secret}#${ref.key}`
}

const REDACTED = '[redacted]'

/** A secret that was looked up. Every formatter prints `[redacted]`; only `reveal` gives the value. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself: hand it straight to what needs it, never to a message. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  [Symbol.toPrimitive](): string {
    return REDACTED
  }

  [inspect.custom](): string {
    return REDACTED
  }
}
