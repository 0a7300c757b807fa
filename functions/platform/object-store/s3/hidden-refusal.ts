import { createHash } from 'node:crypto'
import { Failure } from '../../failure.ts'
import type { PutOptions } from '../store.ts'
import { objectUrl, type S3Connection } from './connection.ts'
import { headObject } from './head.ts'
import { abortMultipart, createMultipart } from './multipart.ts'
import { readObject } from './read.ts'

/** What one request tried to store. */
export interface SentObject {
  key: string
  bytes: number
  digest: Buffer
}

/**
 * Finds out what became of an object whose requests failed, where their answers do not tell:
 * - a request that stored it may have lost its answer, and a repeated one is then refused because of its own object;
 * - a server that refuses without reading the body closes the connection, and all that arrives of its answer is a reset.
 *
 * @returns undefined when the object is stored after all, otherwise the Failure to report.
 */
export async function trueOutcome(
  connection: S3Connection,
  sent: SentObject,
  options: PutOptions,
  attempts: number,
  failure: Failure,
): Promise<Failure | undefined> {
  const wasReset = failure.code === 'ECONNRESET' || failure.code === 'EPIPE'
  const isConditional = options.ifAbsent === true || options.ifVersion !== undefined
  if (isConditional && (wasReset || (failure.code === 'PreconditionFailed' && attempts > 1))) {
    const found = await headObject(connection, sent.key, options.signal)
    if (found?.bytes === sent.bytes && attempts > 1 && (await holds(connection, sent, options))) return undefined
    if (found !== undefined && options.ifAbsent) return alreadyThere(objectUrl(connection, sent.key), failure)
  }
  return wasReset ? ((await refusal(connection, sent.key, options)) ?? failure) : failure
}

/** The Failure of a write whose key is taken. */
export function alreadyThere(subject: string, cause?: unknown): Failure {
  return new Failure('An object with this key exists already', {
    kind: 'permanent',
    subject,
    code: 'PreconditionFailed',
    hint: 'It was left untouched; take another name, or delete it first.',
    cause,
  })
}

async function holds(connection: S3Connection, { key, digest }: SentObject, { signal }: PutOptions): Promise<boolean> {
  const hash = createHash('sha256')
  for await (const chunk of readObject(connection, key, signal === undefined ? {} : { signal })) hash.update(chunk)
  return hash.digest().equals(digest)
}

/** Beginning an upload needs the same permission as storing, and has no body that could be cut off. */
async function refusal(connection: S3Connection, key: string, options: PutOptions): Promise<Failure | undefined> {
  try {
    await abortMultipart(connection, await createMultipart(connection, key, options))
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.kind !== 'transient') return thrown
  }
  return undefined
}
