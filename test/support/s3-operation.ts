import type { IncomingMessage } from 'node:http'

export type S3Operation =
  | 'PutObject'
  | 'UploadPart'
  | 'CreateMultipartUpload'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'GetObject'
  | 'HeadObject'
  | 'HeadBucket'
  | 'ListObjectsV2'
  | 'ListMultipartUploads'
  | 'DeleteObjects'
  | 'DeleteObject'
  | 'Other'

/** One request as it arrived. */
export interface SeenRequest {
  method: string
  operation: S3Operation
  bucket: string
  /** Decoded; empty when the request is about the bucket. */
  key: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
}

/** What a path-style S3 request asks for. */
export function readRequest(request: IncomingMessage): SeenRequest {
  const { method = 'GET', headers } = request
  const [path = '/', search = ''] = (request.url ?? '/').split('?', 2)
  const query = new URLSearchParams(search)
  const [bucket = '', ...segments] = path.slice(1).split('/')
  const key = decodeURIComponent(segments.join('/'))
  return { method, operation: operationOf(method, key !== '', query), bucket, key, query, headers }
}

const objectOperations: Readonly<Record<string, S3Operation>> = {
  GET: 'GetObject',
  HEAD: 'HeadObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
}

function operationOf(method: string, hasKey: boolean, query: URLSearchParams): S3Operation {
  if (!hasKey) {
    if (method === 'HEAD') return 'HeadBucket'
    if (method === 'POST' && query.has('delete')) return 'DeleteObjects'
    if (query.has('uploads')) return 'ListMultipartUploads'
    return query.has('list-type') ? 'ListObjectsV2' : 'Other'
  }
  if (method === 'POST') return query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload'
  if (query.has('uploadId')) return method === 'PUT' ? 'UploadPart' : 'AbortMultipartUpload'
  return objectOperations[method] ?? 'Other'
}
