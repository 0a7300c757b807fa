import type { Readable } from 'node:stream'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { Failure } from '../../failure.ts'
import { collectSmall } from '../small-object.ts'
import type { VersionedObject } from '../store.ts'
import { required } from './answer.ts'
import { bucketKey, objectUrl, type RequestPurpose, request, type S3Connection } from './connection.ts'
import { requireBucket } from './head.ts'

/** A small object and its ETag, from one answer, so that they belong together. */
export async function readSmallObject(
  connection: S3Connection,
  key: string,
  signal?: AbortSignal,
): Promise<VersionedObject | undefined> {
  const subject = objectUrl(connection, key)
  const purpose: RequestPurpose = { doing: 'Reading the object', subject, signal }
  const input = { Bucket: connection.settings.bucket, Key: bucketKey(connection, key) }
  try {
    return await request(connection, purpose, async (_, options) => {
      const answer = await connection.client.send(new GetObjectCommand(input), options)
      const body = answer.Body as Readable
      try {
        const bytes = await collectSmall(body, subject)
        return { bytes, version: required(answer.ETag, 'an ETag', subject) }
      } finally {
        body.destroy()
      }
    })
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.code !== 'NoSuchKey') throw failure
    await requireBucket(connection, purpose)
    return undefined
  }
}
