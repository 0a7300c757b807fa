import type { Cluster, S3Store } from '../../config/cluster.ts'
import { arn, attribute, bucketArn, logicalId, type Resources, type Value } from '../cloudformation.ts'
import { policyDocument, type Statement } from '../policies/statement.ts'
import { s3Stores } from '../reach.ts'

/** S3's own replication of a store to another one of the definition; undefined where none is asked for. */
export function replication(cluster: Cluster, store: S3Store): Value | undefined {
  const target = targetOf(cluster, store)
  if (target === undefined) return undefined
  const encrypted = store.encryption?.type === 'sse-kms'
  return {
    Role: attribute(roleId(store), 'Arn'),
    Rules: [
      {
        ...{ Id: `to-${target.name}`, Status: 'Enabled', Priority: 1 },
        Filter: { Prefix: store.prefix === '' ? `${cluster.name}/` : `${store.prefix}/${cluster.name}/` },
        // What is deleted here stays there.
        DeleteMarkerReplication: { Status: 'Disabled' },
        SourceSelectionCriteria: encrypted ? { SseKmsEncryptedObjects: { Status: 'Enabled' } } : undefined,
        Destination: {
          Bucket: bucketArn(target.bucket),
          StorageClass: target.storageClass,
          EncryptionConfiguration: encrypted ? { ReplicaKmsKeyID: keyArn(target) } : undefined,
        },
      },
    ],
  }
}

/** The role that S3 replicates with. */
export function replicationRole(cluster: Cluster, store: S3Store): Resources {
  const target = targetOf(cluster, store)
  if (target === undefined) return {}
  return {
    [roleId(store)]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [{ PolicyName: 'replicate', PolicyDocument: policyDocument(statements(store, target)) }],
      },
    },
  }
}

function statements(store: S3Store, target: S3Store): Statement[] {
  const own: Statement[] = [
    {
      sid: 'ReadConfiguration',
      actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
      resources: [bucketArn(store.bucket)],
    },
    {
      sid: 'ReadVersions',
      actions: ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'],
      resources: [bucketArn(store.bucket, '*')],
    },
    { sid: 'Replicate', actions: ['s3:ReplicateObject', 's3:ReplicateTags'], resources: [bucketArn(target.bucket, '*')] },
  ]
  if (store.encryption?.type !== 'sse-kms') return own
  const keys: Statement[] = [
    { sid: 'Decrypt', actions: ['kms:Decrypt'], resources: [anyKey(store)], conditions: viaS3(store) },
    { sid: 'Encrypt', actions: ['kms:Encrypt'], resources: [anyKey(target)], conditions: viaS3(target) },
  ]
  return [...own, ...keys]
}

function viaS3({ region }: S3Store): NonNullable<Statement['conditions']> {
  return { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } }
}

function anyKey({ region }: S3Store): Value {
  return arn('kms', 'key/*', region)
}

function keyArn({ encryption, region }: S3Store): Value {
  const keyId = encryption?.type === 'sse-kms' ? (encryption.keyId ?? 'alias/aws/s3') : 'alias/aws/s3'
  if (keyId.startsWith('arn:')) return keyId
  return arn('kms', keyId.startsWith('alias/') ? keyId : `key/${keyId}`, region)
}

function targetOf(cluster: Cluster, store: S3Store): S3Store | undefined {
  return s3Stores(cluster).find(({ name }) => name === store.replicateTo)
}

function roleId({ name }: S3Store): string {
  return logicalId(name, 'replicationRole')
}
