/**
 * How a provider's S3 differs from Amazon's. Named in the definition or on the command line, or guessed from the endpoint's
 * host name; the table of what each one means is in `profiles.ts`.
 */
export type ProviderName = 'amazon' | 'digitalocean' | 'r2' | 'hetzner' | 'minio' | 'versitygw' | 'scaleway' | 'generic'

/** Amazon's storage classes. What is in the last two must be thawed before it is read; a definition stores nothing new in them. */
export type StorageClass =
  | 'STANDARD'
  | 'STANDARD_IA'
  | 'ONEZONE_IA'
  | 'INTELLIGENT_TIERING'
  | 'GLACIER_IR'
  | 'GLACIER'
  | 'DEEP_ARCHIVE'

/** Server-side encryption asked of the store with every object. */
export type ServerSideEncryption = { type: 'sse-s3' } | { type: 'sse-kms'; keyId?: string }

interface ContentSettings {
  /**
   * The age recipients that the contents of sets are encrypted to before they are stored here; not at all without any. The
   * store itself does not do it: who writes sets does.
   */
  ageRecipients?: readonly string[]
}

/** Everything needed to open a store; plain data that must not be printed. */
export interface S3Settings extends ContentSettings {
  type: 's3'
  bucket: string
  /** Without leading slash; empty, or ending without one. */
  prefix: string
  region?: string
  /** Full URL; Amazon's own without it. `AWS_ENDPOINT_URL_S3` and `AWS_ENDPOINT_URL` are read when the settings are parsed. */
  endpoint?: string
  provider?: ProviderName
  encryption?: ServerSideEncryption
  /** Of contents alone; the bucket's standard class without it. */
  storageClass?: StorageClass
  /** Tags contents, so that a lifecycle rule can move them and leave manifests and evidence alone. */
  tagContents?: boolean
  /** This store's own credentials; the AWS chain's without them. */
  keyPair?: { accessKeyId: string; secretAccessKey: string }
  /** Named profile of the shared AWS configuration, when not the default one. */
  awsProfile?: string
}

/** A directory, used like a bucket. */
export interface FileSettings extends ContentSettings {
  type: 'file'
  directory: string
}

export type StoreSettings = S3Settings | FileSettings
