import { createHash } from 'node:crypto'
import { Failure } from '../../failure.ts'

/** SHA-256 of some bytes, raw. */
export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** S3's SHA-256 of an object in parts: the hash of the parts' hashes, with their number. */
export function compositeChecksum(parts: readonly Uint8Array[]): string {
  return `${sha256(...parts).toString('base64')}-${parts.length}`
}

/** Compares what the store says it keeps with what was sent; a store that says nothing has checked it by other means. */
export function checkStored(answered: string | undefined, sent: string, subject: string): void {
  if (answered === undefined || answered === sent) return
  throw new Failure(`The store confirms SHA-256 ${answered}, but ${sent} was sent`, {
    kind: 'permanent',
    subject,
    code: 'ChecksumMismatch',
    hint: 'The stored object is damaged and must not be used: run again, and report it to the provider if it repeats.',
  })
}
