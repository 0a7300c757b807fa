import { createHash, type Hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3'
import { abortFailure } from '../../abort.ts'
import { Failure } from '../../failure.ts'
import type { ReadOptions } from '../store.ts'
import { required } from './answer.ts'
import { checkStored } from './checksum.ts'
import { bucketKey, objectUrl, type RequestPurpose, request, type S3Connection } from './connection.ts'
import { s3Failure } from './errors.ts'
import { announcedEnd, rangeHeader } from './range.ts'
import { backOff, nextAttempt } from './retry.ts'

/** Broken bodies in one read, each of which had brought some bytes. */
const maximumBreaks = 1000

/** How far a read has come. */
interface Progress {
  position: number
  end: number | undefined
  /** ETag of the version being read, once it is known. */
  version: string | undefined
  /** The whole object's checksum, when the store has one that can be compared with the bytes. */
  whole: { expected: string; hash: Hash } | undefined
}

/** The object's bytes in order; a body that breaks is taken up again at the next byte of the same version. */
export async function* readObject(connection: S3Connection, key: string, options: ReadOptions): AsyncGenerator<Uint8Array> {
  const { offset = 0, length, signal } = options
  if (length === 0) return
  const purpose: RequestPurpose = { doing: 'Reading the object', subject: objectUrl(connection, key), signal }
  const progress: Progress = { position: offset, end: length && offset + length, version: undefined, whole: undefined }
  let fruitless = 0
  for (let breaks = 1; ; breaks += 1) {
    const before = progress.position
    try {
      yield* readBody(connection, key, progress, purpose)
      break
    } catch (thrown) {
      if (signal?.aborted) throw abortFailure(signal, purpose.subject)
      const failure = s3Failure(thrown, purpose.doing, purpose.subject)
      fruitless = progress.position > before ? 1 : fruitless + 1
      const waitMs = nextAttempt(failure, fruitless, connection.limits, Math.random())
      if (waitMs === undefined || breaks >= maximumBreaks) throw failure
      await backOff(waitMs, signal, purpose.subject)
    }
  }
  const { whole } = progress
  if (whole !== undefined) checkStored(whole.expected, whole.hash.digest('base64'), purpose.subject)
}

async function* readBody(
  connection: S3Connection,
  key: string,
  progress: Progress,
  purpose: RequestPurpose,
): AsyncGenerator<Uint8Array> {
  const answer = await get(connection, key, progress, purpose)
  const body = answer.Body as Readable
  try {
    const end = announcedEnd(answer, progress.position, progress.end, purpose.subject)
    if (progress.version === undefined) {
      progress.version = required(answer.ETag, 'an ETag', purpose.subject)
      progress.whole = wholeChecksum(answer)
    }
    progress.end = end
    for await (const chunk of body as AsyncIterable<Buffer>) {
      progress.position += chunk.byteLength
      progress.whole?.hash.update(chunk)
      yield chunk
    }
    if (progress.position < end) throw endedEarly(end - progress.position, purpose.subject)
  } finally {
    body.destroy()
  }
}

async function get(
  connection: S3Connection,
  key: string,
  { position, end, version }: Progress,
  purpose: RequestPurpose,
): Promise<GetObjectCommandOutput> {
  // Taking the body up again is what repeats a request.
  const once = { ...connection, limits: { ...connection.limits, attempts: 1 } }
  const range = rangeHeader(position, end)
  const input = {
    Bucket: connection.settings.bucket,
    Key: bucketKey(connection, key),
    ...(range === undefined ? {} : { Range: range }),
    ...(version === undefined ? {} : { IfMatch: version }),
  }
  try {
    return await request(once, purpose, (_, options) => connection.client.send(new GetObjectCommand(input), options))
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.code !== 'PreconditionFailed') throw failure
    throw new Failure('The object was replaced while it was being read', {
      kind: 'transient',
      subject: purpose.subject,
      code: 'ObjectChanged',
      hint: 'Another process writes to this key: find out which, then read again.',
      cause: failure,
    })
  }
}

/** The checksum of a whole object; that of an object in parts is over the parts, so bytes alone cannot be compared with it. */
function wholeChecksum(answer: GetObjectCommandOutput): Progress['whole'] {
  const expected = answer.ChecksumSHA256
  if (expected === undefined || answer.ContentRange !== undefined || expected.includes('-')) return undefined
  return { expected, hash: createHash('sha256') }
}

function endedEarly(missing: number, subject: string): Failure {
  return new Failure(`The body ended ${missing} bytes before the announced end`, {
    kind: 'transient',
    subject,
    code: 'TruncatedBody',
    hint: 'The connection to the store breaks off again and again: check the network and any proxy, then run again.',
  })
}
