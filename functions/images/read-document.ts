import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Failure } from '../platform/failure.ts'

/** A kind of JSON document that lies beside an image. */
export interface DocumentKind<T extends { format: number }> {
  /** As in "the image has no test report". */
  what: string
  file: string
  /** The only format that is read. */
  format: T['format']
  schema: z.ZodType<T>
  /** What gets the operator a good one. */
  hint: string
  /** Codes of the failures for a missing one and for a bad one. */
  codes: { missing: string; bad: string }
}

/** The bytes of a document; one that breaks the schema is refused here, by a ZodError, rather than where it is read. */
export function serializeDocument<T extends { format: number }>(kind: DocumentKind<T>, document: T): Uint8Array {
  return Buffer.from(`${JSON.stringify(kind.schema.parse(document), undefined, 1)}\n`)
}

/**
 * Reads a document.
 *
 * @param subject the image, for errors.
 * @throws Failure `permanent` for anything else, another format among it.
 */
export function parseDocument<T extends { format: number }>(kind: DocumentKind<T>, bytes: Uint8Array, subject: string): T {
  const json = parseJson(kind, bytes, subject)
  const { format } = z.looseObject({ format: z.unknown() }).safeParse(json).data ?? {}
  if (typeof format === 'number' && format !== kind.format) {
    throw bad(kind, subject, `it has format ${format}, and this version reads format ${kind.format} alone`, undefined)
  }
  const parsed = kind.schema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw bad(kind, subject, `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'invalid'}`, parsed.error)
}

/** The bytes of a document in an image's directory. @throws Failure `permanent` where there is none. */
export async function readDocument<T extends { format: number }>(
  { what, file, hint, codes }: DocumentKind<T>,
  directory: string,
  subject: string,
): Promise<Buffer> {
  return await readFile(join(directory, file)).catch((cause: NodeJS.ErrnoException) => {
    const isMissing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR'
    throw new Failure(isMissing ? `the image has no ${what}` : `the ${what} cannot be read: ${cause.message}`, {
      ...{ kind: 'permanent', subject, code: isMissing ? codes.missing : codes.bad, cause, hint },
    })
  })
}

function parseJson<T extends { format: number }>(kind: DocumentKind<T>, bytes: Uint8Array, subject: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (cause) {
    throw bad(kind, subject, 'it is not JSON', cause)
  }
}

function bad<T extends { format: number }>(
  { what, hint, codes }: DocumentKind<T>,
  subject: string,
  why: string,
  cause: unknown,
): Failure {
  const details = { kind: 'permanent', subject, code: codes.bad, hint, cause } as const
  return new Failure(`the ${what} is not one that counts: ${why}`, details)
}
