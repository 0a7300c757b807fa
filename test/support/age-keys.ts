import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A key pair as age-keygen makes it. */
export interface AgeKeys {
  /** `age1...`. */
  recipient: string
  /** The text of the identity file, comments included. */
  identity: string
}

export function makeAgeKeys(): AgeKeys {
  const identity = execFileSync('age-keygen', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const recipient = /public key: (age1\w+)/.exec(identity)?.[1]
  if (recipient === undefined) throw new Error('age-keygen names no recipient')
  return { recipient, identity }
}

/** Writes the identity into a directory; its path. */
export function writeIdentity({ identity }: AgeKeys, directory: string, name = 'identity.txt'): string {
  const path = join(directory, name)
  writeFileSync(path, identity, { mode: 0o600 })
  return path
}
