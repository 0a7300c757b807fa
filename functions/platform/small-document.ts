import { type ZodType, z } from 'zod'
import { Failure } from './failure.ts'

/** A document, or what is wrong with the bytes, in words that go on after its name; a `newer` one is a later Ballast's. */
export type DocumentOrFault<T> = { document: T } | { fault: string; newer: boolean }

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

/** Reads one of format 1 in UTF-8, and of nothing else than its schema. */
export function readDocument<T>(schema: ZodType<T>, bytes: Uint8Array): DocumentOrFault<T> {
  let raw: unknown
  try {
    raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return { fault: 'is no JSON', newer: false }
  }
  const parsed = schema.safeParse(raw)
  if (parsed.success) return { document: parsed.data }
  const format = z.looseObject({ format: z.number() }).safeParse(raw)
  if (format.success && format.data.format > 1) {
    return { fault: `has the format ${format.data.format} of a newer Ballast`, newer: true }
  }
  return { fault: `is not what Ballast writes (at ${parsed.error.issues[0]?.path.join('.') || 'its top'})`, newer: false }
}

/** The same where nothing can go on without it. @throws Failure `permanent` for what has a fault. */
export function parseDocument<T>(schema: ZodType<T>, bytes: Uint8Array, { message, ...details }: Unreadable): T {
  const read = readDocument(schema, bytes)
  if ('document' in read) return read.document
  throw new Failure(`${message}: it ${read.fault}`, { kind: 'permanent', ...details })
}
