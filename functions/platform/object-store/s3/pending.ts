import { ListMultipartUploadsCommand, type ListMultipartUploadsCommandOutput } from '@aws-sdk/client-s3'
import type { PendingUpload } from '../store.ts'
import { required } from './answer.ts'
import { bucketKey, objectUrl, request, type S3Connection } from './connection.ts'

/** Every unfinished multipart upload under the prefix. (MinIO lists them only for a whole key.) */
export async function* listPending(
  connection: S3Connection,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<PendingUpload> {
  const purpose = { doing: 'Listing unfinished uploads', subject: objectUrl(connection, prefix), signal }
  const own = bucketKey(connection, '').length
  let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {}
  while (marker !== undefined) {
    const input = { Bucket: connection.settings.bucket, Prefix: bucketKey(connection, prefix), ...marker }
    const page: ListMultipartUploadsCommandOutput = await request(connection, purpose, async (_, options) => {
      const answer = await connection.client.send(new ListMultipartUploadsCommand(input), options)
      required(answer.Bucket, 'the name of the bucket', purpose.subject)
      return answer
    })
    for (const { Key = '', UploadId = '', Initiated } of page.Uploads ?? []) {
      yield { key: Key.slice(own), uploadId: UploadId, startedMs: Initiated?.getTime() ?? 0 }
    }
    marker = nextMarker(page, marker)
  }
}

function nextMarker(
  page: ListMultipartUploadsCommandOutput,
  last: { KeyMarker?: string; UploadIdMarker?: string },
): { KeyMarker: string; UploadIdMarker: string } | undefined {
  const { IsTruncated, NextKeyMarker, NextUploadIdMarker = '' } = page
  if (!IsTruncated || NextKeyMarker === undefined) return undefined
  // A store that repeats its marker would keep the sweep busy for ever; what is left is seen by the next one.
  if (NextKeyMarker === last.KeyMarker && NextUploadIdMarker === last.UploadIdMarker) return undefined
  return { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker }
}
