import type { FailureKind } from '../../failure.ts'

/** What one error code of S3, of Node's network layer or of the SDK means to an operator. */
export interface KnownError {
  kind: FailureKind
  hint: string
  /** Name it goes by in Ballast, when several codes mean the same. */
  code?: string
}

const waitAndRetry = 'The store or the network had a bad moment and all retries were used up; run again.'
const clockHint = 'Set the clock of this machine (timedatectl set-ntp true), then run again.'
const certificateHint =
  "The store's certificate is not trusted here: check the endpoint, or name the store's CA in NODE_EXTRA_CA_CERTS."
const deniedHint =
  'The credentials lack a permission on this bucket or key: compare with the policy in the guide (a missing ListBucket also makes missing keys look denied).'
const keyHint =
  'The store does not know this access key: check AWS_ACCESS_KEY_ID, the profile, and that the endpoint is the right one.'
const refreshHint = 'Get new temporary credentials (for example aws sso login), then run again.'
const regionHint = "Set AWS_REGION (or the definition's region) to the bucket's own region."

const networkErrors: Record<string, KnownError> = {
  ECONNRESET: { kind: 'transient', hint: waitAndRetry },
  EPIPE: { kind: 'transient', hint: waitAndRetry },
  ETIMEDOUT: { kind: 'transient', hint: waitAndRetry },
  EAI_AGAIN: { kind: 'transient', hint: 'The name server did not answer: check DNS on this machine, then run again.' },
  EHOSTUNREACH: { kind: 'transient', hint: 'There is no route to the store: check network and firewall.' },
  ENETUNREACH: { kind: 'transient', hint: 'There is no route to the store: check network and firewall.' },
  ECONNREFUSED: {
    kind: 'transient',
    hint: 'Nothing listens at the endpoint: check its address and port, and that the store is up.',
  },
  ENOTFOUND: {
    kind: 'config',
    hint: "The endpoint's host name does not exist: check AWS_ENDPOINT_URL_S3, region and bucket for typing errors.",
  },
  EPROTO: { kind: 'config', hint: 'The endpoint does not speak TLS on this port: check http against https and the port.' },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    kind: 'config',
    hint: 'The endpoint does not speak TLS on this port: use http:// or another port.',
  },
  CERT_HAS_EXPIRED: { kind: 'permanent', hint: "The store's certificate has expired, or this machine's clock is wrong." },
  SELF_SIGNED_CERT_IN_CHAIN: { kind: 'permanent', hint: certificateHint },
  DEPTH_ZERO_SELF_SIGNED_CERT: { kind: 'permanent', hint: certificateHint },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { kind: 'permanent', hint: certificateHint },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { kind: 'permanent', hint: certificateHint },
  ERR_TLS_CERT_ALTNAME_INVALID: { kind: 'permanent', hint: certificateHint },
  TimeoutError: { kind: 'transient', hint: 'The store stopped answering: check the network and the store, then run again.' },
}

const credentialErrors: Record<string, KnownError> = {
  CredentialsProviderError: {
    kind: 'config',
    code: 'NoCredentials',
    hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where a role is attached.',
  },
  TokenProviderError: { kind: 'config', code: 'NoCredentials', hint: refreshHint },
  InvalidAccessKeyId: { kind: 'permanent', hint: keyHint },
  SignatureDoesNotMatch: {
    kind: 'permanent',
    hint: 'Check AWS_SECRET_ACCESS_KEY (a cut or padded value is typical) and the region.',
  },
  ExpiredToken: { kind: 'permanent', hint: refreshHint },
  ExpiredTokenException: { kind: 'permanent', code: 'ExpiredToken', hint: refreshHint },
  TokenRefreshRequired: { kind: 'permanent', code: 'ExpiredToken', hint: refreshHint },
  InvalidToken: { kind: 'permanent', hint: 'AWS_SESSION_TOKEN does not belong to this access key: unset it or get a new one.' },
  RequestTimeTooSkewed: { kind: 'permanent', hint: clockHint },
  AccessDenied: { kind: 'permanent', hint: deniedHint },
  AllAccessDisabled: {
    kind: 'permanent',
    code: 'AccessDenied',
    hint: 'The bucket is closed by its owner or for unpaid bills.',
  },
  AccountProblem: { kind: 'permanent', hint: 'The provider has a problem with the account (often billing): see its console.' },
}

const storeErrors: Record<string, KnownError> = {
  NoSuchBucket: { kind: 'permanent', hint: 'Create the bucket, or correct its name, region or endpoint.' },
  NoSuchKey: { kind: 'permanent', hint: 'The object is not there: list the store, and check the prefix.' },
  NoSuchUpload: { kind: 'transient', hint: 'The upload was ended from outside (a sweep or a lifecycle rule): run again.' },
  PreconditionFailed: { kind: 'permanent', hint: 'An object with this key exists already and was left untouched.' },
  ConditionalRequestConflict: {
    kind: 'transient',
    code: 'PreconditionFailed',
    hint: 'Another writer was busy with the same key at the same moment: run again.',
  },
  InvalidRange: { kind: 'permanent', hint: 'The stored object is shorter than it should be: treat it as damaged.' },
  InvalidObjectState: {
    kind: 'permanent',
    hint: 'The object is in an archive class: run `ballast thaw` for its set, wait, then run again. A manifest or evidence belongs into no such class: let lifecycle rules move only what has the tag ballast=content.',
  },
  RestoreAlreadyInProgress: { kind: 'transient', hint: 'The object is being thawed already: wait, then run again.' },
  BadDigest: {
    kind: 'transient',
    hint: 'The bytes changed on their way to the store: run again; if it repeats, suspect memory or a proxy.',
  },
  XAmzContentSHA256Mismatch: {
    kind: 'transient',
    code: 'BadDigest',
    hint: 'The bytes changed on their way to the store: run again.',
  },
  EntityTooLarge: { kind: 'permanent', hint: "The object is over the store's limit: plan smaller units." },
  QuotaExceeded: { kind: 'permanent', hint: 'The quota of the bucket or account is used up: prune, or raise it.' },
  InsufficientStorage: { kind: 'permanent', hint: 'The store is full: prune, or add space.' },
  StorageFull: { kind: 'permanent', code: 'InsufficientStorage', hint: 'The store is full: prune, or add space.' },
  XMinioStorageFull: { kind: 'permanent', code: 'InsufficientStorage', hint: 'The store is full: prune, or add space.' },
  SlowDown: { kind: 'transient', hint: 'The store asks to slow down: use fewer workers, or run when it is less busy.' },
  TooManyRequests: { kind: 'transient', code: 'SlowDown', hint: 'The store asks to slow down: use fewer workers.' },
  RequestHeaderSectionTooLarge: { kind: 'transient', hint: waitAndRetry },
  RequestTimeout: { kind: 'transient', hint: waitAndRetry },
  OperationAborted: { kind: 'transient', hint: 'The store was busy with a conflicting operation: run again.' },
  InternalError: { kind: 'transient', hint: waitAndRetry },
  ServiceUnavailable: { kind: 'transient', hint: waitAndRetry },
  NotImplemented: {
    kind: 'config',
    hint: 'The store does not offer this: name the provider in the definition so that it is not asked for.',
  },
  KMS: {
    kind: 'permanent',
    hint: 'Check the KMS key: it exists, is enabled, is in this region, and these credentials may use it.',
  },
  PermanentRedirect: { kind: 'config', hint: regionHint },
  AuthorizationHeaderMalformed: { kind: 'config', hint: regionHint },
  InvalidBucketName: { kind: 'config', hint: 'Correct the bucket name.' },
  RegionMissing: { kind: 'config', hint: regionHint },
}

const all = new Map(Object.entries({ ...networkErrors, ...credentialErrors, ...storeErrors }))

/** What is known of an error code, or undefined. */
export function knownError(code: string): KnownError | undefined {
  return all.get(code.startsWith('KMS.') ? 'KMS' : code)
}
