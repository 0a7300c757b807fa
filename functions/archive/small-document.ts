import type { ZodType } from 'zod'
import { Failure } from '../platform/failure.ts'

/** What is said of a document that cannot be read. */
export interface Unreadable {
  message: string
  /** The key of its object. */
  subject: string
  code: string
  hint: string
}

/** The bytes of a small JSON document. */
export function serializeDocument(document: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(document)}\n`)
}

/** Reads one that this version wrote. @throws Failure `permanent` for anything else. */
export function parseDocument<T>(schema: ZodType<T>, bytes: Uint8Array, { message, ...details }: Unreadable): T {
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (cause) {
    throw new Failure(message, { kind: 'permanent', ...details, cause })
  }
}
