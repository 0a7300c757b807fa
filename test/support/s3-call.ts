import type { PolicyCall } from './policy-evaluator.ts'
import type { S3Operation, SeenRequest } from './s3-operation.ts'

const actions: Readonly<Record<Exclude<S3Operation, 'Other'>, string>> = {
  PutObject: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  HeadBucket: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  DeleteObjects: 's3:DeleteObject',
  DeleteObject: 's3:DeleteObject',
}

/** Requests that make an object, as opposed to parts of one (`s3:ObjectCreationOperation`). */
const creating: readonly S3Operation[] = ['PutObject', 'CompleteMultipartUpload']
const uploading: readonly S3Operation[] = ['CreateMultipartUpload', 'UploadPart']

/**
 * What IAM is asked for a request: the permission that each S3 operation needs, on the keys that it is about, with the
 * condition keys that S3 gives.
 *
 * @param deletedKeys of DeleteObjects, whose keys are in its body.
 */
export function policyCalls(request: SeenRequest, deletedKeys: readonly string[]): PolicyCall[] {
  const { operation, bucket, key, headers } = request
  if (operation === 'Other')
    throw new Error(`nothing is known of the permission for ${request.method} ${bucket}/${key}?${request.query}`)
  const action = actions[operation]
  const ofBucket = `arn:aws:s3:::${bucket}`
  const ifNoneMatch = headers['if-none-match']
  const context = {
    ...(typeof ifNoneMatch === 'string' ? { 's3:if-none-match': ifNoneMatch } : {}),
    ...(creating.includes(operation) ? { 's3:ObjectCreationOperation': 'true' } : {}),
    ...(uploading.includes(operation) ? { 's3:ObjectCreationOperation': 'false' } : {}),
  }
  const keys = operation === 'DeleteObjects' ? deletedKeys : key === '' ? [] : [key]
  if (operation === 'DeleteObjects' && keys.length === 0) throw new Error('the keys of a DeleteObjects are not known')
  if (keys.length === 0) return [{ action, resource: ofBucket, context }]
  return keys.map((one) => ({ action, resource: `${ofBucket}/${one}`, context }))
}
