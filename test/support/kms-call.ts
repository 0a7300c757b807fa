import type { PolicyCall } from './policy-evaluator.ts'
import type { S3Operation, SeenRequest } from './s3-operation.ts'

/** The key of a store whose objects are encrypted by KMS. */
export interface StoreKey {
  /** Of the store's keys within the bucket, with the slash at its end. */
  prefix: string
  region: string
  /** As IAM sees it. */
  arn: string
  alias?: string
}

const parts = ['kms:GenerateDataKey', 'kms:Decrypt']

/** What each request takes of the key, as Amazon documents it: parts are decrypted once more when they become one object. */
const needed: Partial<Record<S3Operation, readonly string[]>> = {
  PutObject: ['kms:GenerateDataKey'],
  CreateMultipartUpload: parts,
  UploadPart: parts,
  CompleteMultipartUpload: parts,
  GetObject: ['kms:Decrypt'],
}

/** What S3 asks KMS for on behalf of who sends it a request: nothing that any request of ours could show. */
export function storeKeyCalls({ operation, key }: SeenRequest, keys: readonly StoreKey[]): PolicyCall[] {
  const store = keys.find(({ prefix }) => key.startsWith(prefix))
  if (store === undefined) return []
  const { region, arn, alias } = store
  const context = {
    'kms:ViaService': `s3.${region}.amazonaws.com`,
    ...(alias === undefined ? {} : { 'kms:ResourceAliases': alias }),
  }
  return (needed[operation] ?? []).map((action) => ({ action, resource: arn, context }))
}
