import { DeleteObjectsCommand } from '@aws-sdk/client-s3'
import { Failure } from '../../failure.ts'
import { bucketKey, objectUrl, request, type S3Connection } from './connection.ts'
import { s3CodeFailure } from './errors.ts'

const keysPerRequest = 1000
const doing = 'Deleting objects'

/** Deletes the objects, in as few requests as S3 allows. */
export async function deleteObjects(connection: S3Connection, keys: readonly string[], signal?: AbortSignal): Promise<void> {
  for (let first = 0; first < keys.length; first += keysPerRequest) {
    await deleteSome(connection, keys.slice(first, first + keysPerRequest), signal)
  }
}

async function deleteSome(connection: S3Connection, keys: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const input = {
    Bucket: connection.settings.bucket,
    Delete: { Quiet: true, Objects: keys.map((key) => ({ Key: bucketKey(connection, key) })) },
  }
  const purpose = { doing, subject: objectUrl(connection, keys[0] ?? ''), signal }
  await request(connection, purpose, async (_, options) => {
    const answer = await connection.client.send(new DeleteObjectsCommand(input), options)
    const refused = (answer.Errors ?? []).filter(({ Code }) => Code !== 'NoSuchKey')
    const [first] = refused
    if (first === undefined) return
    const subject = `s3://${connection.settings.bucket}/${first.Key ?? ''}`
    const failure = s3CodeFailure(first.Code ?? 'Unknown', first.Message, doing, subject)
    if (refused.length === 1) throw failure
    const { kind, hint, code } = failure
    throw new Failure(`${failure.message}; ${refused.length - 1} more were refused`, {
      kind,
      hint,
      subject,
      ...(code && { code }),
    })
  })
}
