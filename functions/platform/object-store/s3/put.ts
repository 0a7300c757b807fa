import { PutObjectCommand } from '@aws-sdk/client-s3'
import { Failure } from '../../failure.ts'
import type { PutOptions, StoredObject } from '../store.ts'
import { required } from './answer.ts'
import { checkStored, sha256 } from './checksum.ts'
import { bucketKey, objectUrl, request, type S3Connection } from './connection.ts'
import { encryptionParameters } from './encryption.ts'
import { trueOutcome } from './hidden-refusal.ts'
import { storeIfAbsent } from './if-absent.ts'
import { storeIfVersion } from './if-version.ts'
import type { ContentParameters } from './storage-class.ts'

type WriteCondition = { IfNoneMatch?: '*'; IfMatch?: string }

/** What this module needs beside what callers may ask for. */
interface SendOptions extends PutOptions {
  /** Parameters of contents; none of a control object. */
  content?: ContentParameters
}

/** Stores an object in one request. `digest` is the SHA-256 of the body, where it is known already. */
export async function putObject(
  connection: S3Connection,
  key: string,
  body: Uint8Array,
  options: SendOptions = {},
  digest: Buffer = sha256(body),
): Promise<StoredObject> {
  const put = (condition: WriteCondition) => sendPut(connection, key, body, digest, options, condition)
  const { conditionalPut } = connection.profile
  const { ifAbsent = false, ifVersion, signal } = options
  if (ifVersion !== undefined) await storeIfVersion(connection, key, ifVersion, conditionalPut, signal, put)
  else await (ifAbsent ? storeIfAbsent(connection, key, conditionalPut, signal, put) : put({}))
  return { key, bytes: body.byteLength, sha256: digest.toString('hex') }
}

async function sendPut(
  connection: S3Connection,
  key: string,
  body: Uint8Array,
  digest: Buffer,
  options: SendOptions,
  condition: WriteCondition,
): Promise<void> {
  const subject = objectUrl(connection, key)
  const { contentType, signal } = options
  const command = {
    Bucket: connection.settings.bucket,
    Key: bucketKey(connection, key),
    Body: body,
    ContentLength: body.byteLength,
    ChecksumSHA256: digest.toString('base64'),
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...encryptionParameters(connection.settings.encryption),
    ...options.content,
    ...condition,
  }
  let attempts = 0
  try {
    await request(connection, { doing: 'Storing the object', subject, signal }, async (number, sendOptions) => {
      attempts = number
      const stored = await connection.client.send(new PutObjectCommand(command), sendOptions)
      required(stored.ETag, 'an ETag', subject)
      checkStored(stored.ChecksumSHA256, command.ChecksumSHA256, subject)
    })
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    const sent = { key, bytes: body.byteLength, digest }
    const outcome = await trueOutcome(connection, sent, options, attempts, failure)
    if (outcome !== undefined) throw outcome
  }
}
