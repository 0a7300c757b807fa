import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { Failure } from '../../failure.ts'
import type { PutOptions } from '../store.ts'
import { required } from './answer.ts'
import { checkStored } from './checksum.ts'
import { bucketKey, objectUrl, request, type S3Connection } from './connection.ts'
import { encryptionParameters } from './encryption.ts'
import { contentParameters } from './storage-class.ts'

/** One begun multipart upload. */
export interface Multipart {
  key: string
  uploadId: string
}

/** A stored part: what Complete must name, and its own SHA-256 (raw). */
export interface StoredPart {
  number: number
  etag: string
  digest: Buffer
}

const doing = 'Uploading the object'

export async function createMultipart(connection: S3Connection, key: string, { contentType }: PutOptions): Promise<Multipart> {
  const input = {
    Bucket: connection.settings.bucket,
    Key: bucketKey(connection, key),
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(connection.profile.newerChecksums ? { ChecksumAlgorithm: 'SHA256' as const } : {}),
    ...encryptionParameters(connection.settings.encryption),
    ...contentParameters(connection.settings),
  }
  const purpose = { doing: 'Beginning the upload', subject: objectUrl(connection, key) }
  return request(connection, purpose, async (_, options) => {
    const begun = await connection.client.send(new CreateMultipartUploadCommand(input), options)
    return { key, uploadId: required(begun.UploadId, 'an upload id', purpose.subject) }
  })
}

export async function uploadPart(
  connection: S3Connection,
  upload: Multipart,
  part: { number: number; body: Uint8Array; digest: Buffer },
  signal: AbortSignal | undefined,
): Promise<StoredPart> {
  const { number, body, digest } = part
  const input = {
    ...address(connection, upload),
    PartNumber: number,
    Body: body,
    ContentLength: body.byteLength,
    ChecksumSHA256: digest.toString('base64'),
  }
  const subject = objectUrl(connection, upload.key)
  return request(connection, { doing, subject, signal }, async (_, options) => {
    const stored = await connection.client.send(new UploadPartCommand(input), options)
    checkStored(stored.ChecksumSHA256, input.ChecksumSHA256, subject)
    return { number, etag: required(stored.ETag, 'an ETag', subject), digest }
  })
}

/**
 * Makes the object of its parts.
 *
 * @param isStored tells whether the key holds this very object: asked when an earlier attempt may have lost its answer.
 */
export async function completeMultipart(
  connection: S3Connection,
  upload: Multipart,
  parts: readonly StoredPart[],
  condition: { IfNoneMatch?: '*' },
  isStored: () => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { newerChecksums } = connection.profile
  const input = {
    ...address(connection, upload),
    MultipartUpload: { Parts: parts.map((part) => completedPart(part, newerChecksums)) },
    ...condition,
  }
  const subject = objectUrl(connection, upload.key)
  let attempts = 0
  try {
    await request(connection, { doing: 'Completing the upload', subject, signal }, async (number, options) => {
      attempts = number
      const answer = await connection.client.send(new CompleteMultipartUploadCommand(input), options)
      // The status is sent before the work is done, so 200 alone proves nothing.
      required(answer.ETag, 'an ETag', subject)
    })
  } catch (failure) {
    // A repeated request finds no upload any more, or its own object in the way.
    const code = failure instanceof Failure ? failure.code : undefined
    const repeated = attempts > 1 && (code === 'NoSuchUpload' || code === 'PreconditionFailed')
    if (!repeated || !(await isStored())) throw failure
  }
}

/** Ends the upload and releases its parts; one that is gone already is as good. */
export async function abortMultipart(connection: S3Connection, upload: Multipart, signal?: AbortSignal): Promise<void> {
  const purpose = { doing: 'Aborting the upload', subject: objectUrl(connection, upload.key), signal }
  try {
    await request(connection, purpose, (_, options) =>
      connection.client.send(new AbortMultipartUploadCommand(address(connection, upload)), options),
    )
  } catch (failure) {
    const gone = failure instanceof Failure && (failure.code === 'NoSuchUpload' || failure.code === 'NoSuchKey')
    if (!gone) throw failure
  }
}

function address(connection: S3Connection, { key, uploadId }: Multipart): { Bucket: string; Key: string; UploadId: string } {
  return { Bucket: connection.settings.bucket, Key: bucketKey(connection, key), UploadId: uploadId }
}

function completedPart({ number, etag, digest }: StoredPart, newerChecksums: boolean): CompletedPart {
  return { PartNumber: number, ETag: etag, ...(newerChecksums ? { ChecksumSHA256: digest.toString('base64') } : {}) }
}
