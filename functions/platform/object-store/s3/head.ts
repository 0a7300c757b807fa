import { HeadBucketCommand, HeadObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3'
import { Failure } from '../../failure.ts'
import type { ObjectHead } from '../store.ts'
import { bucketKey, objectUrl, type RequestPurpose, request, type S3Connection } from './connection.ts'
import { archiveState } from './storage-class.ts'

/** Size, time, and what the store knows of the object's identity. */
export interface StoredHead extends ObjectHead {
  etag: string | undefined
  sha256: string | undefined
}

/** What HEAD says of an object, or undefined when it is missing. A missing bucket is a Failure. */
export async function headObject(connection: S3Connection, key: string, signal?: AbortSignal): Promise<StoredHead | undefined> {
  const purpose = { doing: 'Looking up the object', subject: objectUrl(connection, key), signal }
  const input = {
    Bucket: connection.settings.bucket,
    Key: bucketKey(connection, key),
    ...(connection.profile.newerChecksums ? { ChecksumMode: 'ENABLED' as const } : {}),
  }
  try {
    const found = await request(connection, purpose, (_, options) =>
      connection.client.send(new HeadObjectCommand(input), options),
    )
    return {
      key,
      bytes: found.ContentLength ?? 0,
      modifiedMs: found.LastModified?.getTime() ?? 0,
      etag: found.ETag,
      sha256: found.ChecksumSHA256,
      ...(archiveState(found) === 'ready' ? {} : { archived: true }),
      ...lockOf(found),
    }
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.code !== 'NoSuchKey') throw failure
    await requireBucket(connection, purpose)
    return undefined
  }
}

function lockOf({
  ObjectLockLegalHoldStatus,
  ObjectLockRetainUntilDate,
}: HeadObjectCommandOutput): Pick<ObjectHead, 'lockedUntilMs'> {
  if (ObjectLockLegalHoldStatus === 'ON') return { lockedUntilMs: Number.POSITIVE_INFINITY }
  return ObjectLockRetainUntilDate === undefined ? {} : { lockedUntilMs: ObjectLockRetainUntilDate.getTime() }
}

/** HEAD of a key says only 404, whether key or bucket is missing. @throws {Failure} when it is the bucket. */
export async function requireBucket(connection: S3Connection, purpose: RequestPurpose): Promise<void> {
  const input = { Bucket: connection.settings.bucket }
  try {
    await request(connection, purpose, (_, options) => connection.client.send(new HeadBucketCommand(input), options))
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    // Credentials for one prefix need not be allowed to ask about the bucket.
    if (thrown.code === 'AccessDenied') return
    if (thrown.code !== 'NoSuchKey') throw thrown
    throw new Failure('The bucket does not exist', {
      kind: 'permanent',
      subject: `s3://${connection.settings.bucket}`,
      code: 'NoSuchBucket',
      hint: 'Create the bucket, or correct its name, region or endpoint.',
      cause: thrown,
    })
  }
}
