import type { Cluster, S3Store } from '../../config/cluster.ts'
import { bucketArn, logicalId, type Resources, ref, unlessChecked, type Value } from '../cloudformation.ts'
import { isAmazon, s3Stores } from '../reach.ts'
import { lifecycleRules } from './lifecycle.ts'
import { replication, replicationRole } from './replication.ts'

const daySeconds = 86_400

/** The Amazon buckets that are in one region, each with its policy, and the role that replicates from it. */
export function buckets(cluster: Cluster, region: string): Resources {
  const stores = s3Stores(cluster).filter((store) => isAmazon(store) && store.region === region)
  const oneOfEach = [...Map.groupBy(stores, ({ bucket }) => bucket).values()].flatMap(([first]) => first ?? [])
  return Object.fromEntries(
    oneOfEach.flatMap((store) => {
      const id = logicalId(store.name, 'bucket')
      const sharing = stores.filter(({ bucket }) => bucket === store.bucket)
      return [
        [id, bucket(cluster, store, sharing)],
        [`${id}Policy`, bucketPolicy(store, id)],
        ...Object.entries(replicationRole(cluster, store)),
      ]
    }),
  )
}

/** Regions that hold a bucket of the cluster, without its own region. */
export function otherRegions(cluster: Cluster): string[] {
  const regions = s3Stores(cluster)
    .filter(isAmazon)
    .map(({ region }) => region)
  return [...new Set(regions)].filter((region) => region !== cluster.region).sort()
}

/** `sharing` are the stores in this bucket: each under a prefix of its own. The bucket outlives its stack. */
function bucket(cluster: Cluster, store: S3Store, sharing: readonly S3Store[]): Resources[string] {
  return {
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    ...unlessChecked(
      [
        'CKV_AWS_18',
        'Data events of CloudTrail tell who read what, with the caller; an access log would be one more bucket to keep',
      ],
      ...(store.encryption?.type === 'sse-kms' ? [] : ([['CKV_AWS_145', 'The definition asks for keys of S3 here']] as const)),
    ),
    Properties: {
      BucketName: store.bucket,
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        ...{ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: { ServerSideEncryptionConfiguration: [encryption(store)] },
      ...objectLock(store),
      LifecycleConfiguration: { Rules: sharing.flatMap((each) => lifecycleRules(cluster, each)) },
      ReplicationConfiguration: replication(cluster, store),
    },
  }
}

function encryption({ encryption: asked }: S3Store): Value {
  if (asked?.type !== 'sse-kms') return { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }
  return {
    ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: asked.keyId },
    BucketKeyEnabled: true,
  }
}

function objectLock({ objectLock: lock }: S3Store): Readonly<Record<string, Value>> {
  if (lock === undefined) return {}
  const retention = { Mode: lock.mode.toUpperCase(), Days: Math.ceil(lock.retainSeconds / daySeconds) }
  return {
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: retention } },
  }
}

/** Nobody comes by an unencrypted connection, and nobody stores with another encryption than the definition's. */
function bucketPolicy(store: S3Store, id: string): Resources[string] {
  const deny = (Sid: string, Action: string, Condition: Value): Value => ({
    ...{ Sid, Effect: 'Deny', Principal: '*', Action, Condition },
    Resource: [bucketArn(store.bucket), bucketArn(store.bucket, '*')],
  })
  const algorithm = store.encryption?.type === 'sse-kms' ? 'aws:kms' : 'AES256'
  return {
    Type: 'AWS::S3::BucketPolicy',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      Bucket: ref(id),
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          deny('EncryptedTransport', 's3:*', { Bool: { 'aws:SecureTransport': 'false' } }),
          deny('ModernTransport', 's3:*', { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
          {
            ...{ Sid: 'EncryptedAtRest', Effect: 'Deny', Principal: '*', Action: 's3:PutObject' },
            Resource: bucketArn(store.bucket, '*'),
            Condition: { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': algorithm } },
          },
        ],
      },
    },
  }
}
