import type { Cluster, S3Store } from '../../config/cluster.ts'
import { bucketArn, logicalId } from '../cloudformation.ts'
import type { StoreAccess } from '../needs.ts'
import { byRole } from '../reach.ts'
import { encryptionStatements } from './encryption-policy.ts'
import type { Statement } from './statement.ts'

/** Where functions remember things, within a cluster's keys. */
const stateKeys = '.ballast/*'

/** The records of what people rehearse, within those. */
const drillKeys = '.ballast/drills/*'

/** Statements for a function's work in a store; none where the store has credentials of its own. */
export function storeStatements(cluster: Cluster, store: S3Store, access: readonly StoreAccess[]): Statement[] {
  if (!byRole(store)) return []
  const root = store.prefix === '' ? cluster.name : `${store.prefix}/${cluster.name}`
  const place: Place = { name: logicalId(store.name), bucket: store.bucket, root }
  return [
    listing(place),
    ...access.flatMap((kind) => accessStatements[kind](place)),
    ...taggingStatements(place, store, access),
    ...encryptionStatements(store, access),
  ]
}

interface Place {
  name: string
  bucket: string
  /** Prefix of the cluster's keys, without the slash. */
  root: string
}

const accessStatements: Readonly<Record<StoreAccess, (place: Place) => Statement[]>> = {
  read: ({ name, bucket, root }) => [
    { sid: `Read${name}`, actions: ['s3:GetObject'], resources: [bucketArn(bucket, `${root}/*`)] },
  ],
  add: (place) => [...addStatements(place, `${place.root}/*`), ...partStatements(place)],
  write: ({ name, bucket, root }) => [
    {
      sid: `Write${name}`,
      actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:GetObject'],
      resources: [bucketArn(bucket, `${root}/*`)],
    },
  ],
  prove: (place) => addStatements(place, `${place.root}/*/evidence/*`),
  prune: ({ name, bucket, root }) => [
    {
      sid: `Prune${name}`,
      actions: ['s3:DeleteObject', 's3:AbortMultipartUpload', 's3:GetObjectRetention', 's3:GetObjectLegalHold'],
      resources: [bucketArn(bucket, `${root}/*`)],
    },
    { sid: `FindUploads${name}`, actions: ['s3:ListBucketMultipartUploads'], resources: [bucketArn(bucket)] },
  ],
  state: ({ name, bucket, root }) => [
    {
      sid: `Remember${name}`,
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [bucketArn(bucket, `${root}/${stateKeys}`)],
    },
  ],
  file: (place) => addStatements(place, `${place.root}/${drillKeys}`),
}

/** S3 tells a missing key from a forbidden one only to who may list the bucket, and asks so without a prefix. */
function listing({ name, bucket }: Place): Statement {
  return { sid: `List${name}`, actions: ['s3:ListBucket'], resources: [bucketArn(bucket)] }
}

/** Contents that the bucket's rules may move are stored with the tag that these rules go by. */
function taggingStatements(
  { name, bucket, root }: Place,
  { transitions }: S3Store,
  access: readonly StoreAccess[],
): Statement[] {
  const stores = access.includes('add') || access.includes('write')
  if (!stores || transitions.length === 0) return []
  return [
    {
      sid: `Tag${name}`,
      actions: ['s3:PutObjectTagging'],
      resources: [bucketArn(bucket, `${root}/*`)],
      conditions: { StringEquals: { 's3:RequestObjectTag/ballast': 'content' } },
    },
  ]
}

/** A whole object only where none is: `If-None-Match` must be there, on a single request as on the one that completes parts. */
function addStatements({ name, bucket }: Place, keys: string): Statement[] {
  return [
    {
      sid: `Add${name}`,
      actions: ['s3:PutObject'],
      resources: [bucketArn(bucket, keys)],
      conditions: { Null: { 's3:if-none-match': 'false' } },
    },
  ]
}

/** Parts make no object yet, so that S3 takes no condition with them; what was added is read back before it counts. */
function partStatements({ name, bucket, root }: Place): Statement[] {
  const resources = [bucketArn(bucket, `${root}/*`)]
  return [
    {
      sid: `AddParts${name}`,
      actions: ['s3:PutObject'],
      resources,
      conditions: { Bool: { 's3:ObjectCreationOperation': 'false' } },
    },
    { sid: `Finish${name}`, actions: ['s3:AbortMultipartUpload', 's3:GetObject'], resources },
  ]
}
