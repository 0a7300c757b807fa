import type { S3Store } from '../../config/cluster.ts'
import { arn, logicalId, type Value } from '../cloudformation.ts'
import type { StoreAccess } from '../needs.ts'
import type { Statement } from './statement.ts'

const writes: readonly StoreAccess[] = ['add', 'write', 'prove', 'state', 'file']
const reads: readonly StoreAccess[] = ['read', 'add', 'write', 'state']

/**
 * Use of the key that encrypts a store. The account's default key needs none: its own policy lets whoever may use the bucket.
 * S3 alone may use it, on behalf of the function.
 */
export function encryptionStatements(store: S3Store, access: readonly StoreAccess[]): Statement[] {
  const key = keyOf(store)
  if (key === undefined) return []
  const actions = [
    ...(access.some((kind) => writes.includes(kind)) ? ['kms:GenerateDataKey'] : []),
    ...(access.some((kind) => reads.includes(kind)) ? ['kms:Decrypt'] : []),
  ]
  if (actions.length === 0) return []
  const { resource, alias } = key
  return [
    {
      sid: `Encrypt${logicalId(store.name)}`,
      actions,
      resources: [resource],
      conditions: {
        StringEquals: { 'kms:ViaService': `s3.${store.region}.amazonaws.com` },
        ...(alias === undefined ? {} : { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } }),
      },
    },
  ]
}

/** A policy cannot name a key by its alias: it names all keys of the region, and the alias as a condition. */
function keyOf({ encryption, region }: S3Store): { resource: Value; alias?: string } | undefined {
  if (encryption?.type !== 'sse-kms' || encryption.keyId === undefined) return undefined
  const { keyId } = encryption
  const [, alias] = /^(?:arn:[^:]+:kms:[^:]+:\d+:)?(alias\/.+)$/.exec(keyId) ?? []
  if (alias !== undefined) return { resource: arn('kms', 'key/*', region), alias }
  return { resource: keyId.startsWith('arn:') ? keyId : arn('kms', `key/${keyId}`, region) }
}
