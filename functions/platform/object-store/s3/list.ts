import { ListObjectsV2Command, type ListObjectsV2CommandInput, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import { Failure } from '../../failure.ts'
import type { ListOptions, ListPage } from '../store.ts'
import { required } from './answer.ts'
import { bucketKey, objectUrl, type RequestPurpose, request, type S3Connection } from './connection.ts'
import { archiveState } from './storage-class.ts'

/** Every page of a listing, keys relative to the store's prefix. */
export async function* listObjects(connection: S3Connection, prefix: string, options: ListOptions): AsyncGenerator<ListPage> {
  const { delimiter, startAfter, signal } = options
  const purpose = { doing: 'Listing the store', subject: objectUrl(connection, prefix), signal }
  const input = {
    Bucket: connection.settings.bucket,
    Prefix: bucketKey(connection, prefix),
    MaxKeys: 1000,
    ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
    ...(startAfter === undefined ? {} : { StartAfter: bucketKey(connection, startAfter) }),
  }
  let token: string | undefined
  do {
    const page = await listSome(connection, { ...input, ...(token === undefined ? {} : { ContinuationToken: token }) }, purpose)
    yield listPage(connection, page)
    token = nextToken(page, token, purpose)
  } while (token !== undefined)
}

function listSome(
  connection: S3Connection,
  input: ListObjectsV2CommandInput,
  purpose: RequestPurpose,
): Promise<ListObjectsV2CommandOutput> {
  return request(connection, purpose, async (_, options) => {
    const page = await connection.client.send(new ListObjectsV2Command(input), options)
    required(page.Name, 'the name of the bucket', purpose.subject)
    return page
  })
}

function listPage(connection: S3Connection, page: ListObjectsV2CommandOutput): ListPage {
  const own = bucketKey(connection, '').length
  const objects = (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified, StorageClass }) => ({
    key: Key.slice(own),
    bytes: Size,
    modifiedMs: LastModified?.getTime() ?? 0,
    ...(archiveState({ StorageClass }) === 'ready' ? {} : { archived: true }),
  }))
  return { objects, prefixes: (page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix.slice(own)) }
}

/** A listing must come to an end by itself: one that says there is more, but not where, would be taken for complete. */
function nextToken(
  page: ListObjectsV2CommandOutput,
  last: string | undefined,
  { subject }: RequestPurpose,
): string | undefined {
  if (!page.IsTruncated) return undefined
  const next = page.NextContinuationToken
  if (next !== undefined && next !== last) return next
  throw new Failure('The store says that the listing goes on, but not where', {
    kind: 'permanent',
    subject,
    code: 'BadListing',
    hint: 'The store breaks the S3 protocol: do not prune it, and report this to the provider.',
  })
}
