import { HeadObjectCommand, RestoreObjectCommand } from '@aws-sdk/client-s3'
import { Failure } from '../../failure.ts'
import type { Thawed, ThawOptions } from '../store.ts'
import { bucketKey, objectUrl, request, type S3Connection } from './connection.ts'
import { archiveState } from './storage-class.ts'

/** Asks for a readable copy of an archived object, unless there is one or one is on its way. */
export async function thawObject(connection: S3Connection, key: string, { days, tier, signal }: ThawOptions): Promise<Thawed> {
  const subject = objectUrl(connection, key)
  const input = { Bucket: connection.settings.bucket, Key: bucketKey(connection, key) }
  const found = await request(connection, { doing: 'Looking up the object', subject, signal }, (_, options) =>
    connection.client.send(new HeadObjectCommand(input), options),
  )
  const state = archiveState(found)
  if (state !== 'archived') return state
  const ask = { Days: days, GlacierJobParameters: { Tier: tier } }
  try {
    await request(connection, { doing: 'Thawing the object', subject, signal }, (_, options) =>
      connection.client.send(new RestoreObjectCommand({ ...input, RestoreRequest: ask }), options),
    )
  } catch (failure) {
    // Somebody else asked in between.
    if (!(failure instanceof Failure) || failure.code !== 'RestoreAlreadyInProgress') throw failure
  }
  return 'requested'
}
