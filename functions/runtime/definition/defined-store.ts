import type { Store } from '../../../config/cluster.ts'
import type { SecretRef } from '../../../config/secret.ts'
import type { S3Settings, ServerSideEncryption, StoreSettings } from '../../platform/object-store/settings.ts'
import { readSecret } from '../../platform/secrets/read-secret.ts'

/** A store to work with, before its credentials are looked up. */
export interface StoreChoice {
  settings: StoreSettings
  /** As the definition calls it; absent for a store that is named by its URL. */
  name?: string
  /** Whether the definition keeps copies there: every store but the first. */
  isCopy?: boolean
  /** Absent where the AWS chain (environment, profile, role) has the credentials. */
  keyPair?: { accessKeyId: SecretRef; secretAccessKey: SecretRef }
}

/** A store of the definition. */
export function definedStore(store: Store): StoreChoice {
  const ageRecipients = store.ageRecipients.length === 0 ? {} : { ageRecipients: store.ageRecipients }
  if (store.type === 'file')
    return { name: store.name, settings: { type: 'file', directory: store.directory, ...ageRecipients } }
  const { name, bucket, prefix, region, endpoint, provider, encryption, credentials, storageClass, transitions } = store
  const { profile, accessKeyId, secretAccessKey } = credentials
  const keyPair = accessKeyId && secretAccessKey && { accessKeyId, secretAccessKey }
  return {
    name,
    settings: {
      ...{ type: 's3', bucket, prefix, region },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(provider === undefined ? {} : { provider }),
      ...(encryption === undefined ? {} : { encryption: definedEncryption(encryption) }),
      ...(profile === undefined ? {} : { awsProfile: profile }),
      ...(storageClass === 'STANDARD' ? {} : { storageClass }),
      ...(transitions.length === 0 ? {} : { tagContents: true }),
      ...ageRecipients,
    },
    ...(keyPair === undefined ? {} : { keyPair }),
  }
}

/** The settings of a chosen store, with its credentials. */
export async function storeSettings({ settings, keyPair }: StoreChoice, env: NodeJS.ProcessEnv): Promise<StoreSettings> {
  if (keyPair === undefined || settings.type === 'file') return settings
  const withKeys: S3Settings = {
    ...settings,
    keyPair: {
      accessKeyId: await readSecret(keyPair.accessKeyId, env),
      secretAccessKey: await readSecret(keyPair.secretAccessKey, env),
    },
  }
  return withKeys
}

function definedEncryption(
  encryption: { type: 'sse-s3' } | { type: 'sse-kms'; keyId: string | undefined },
): ServerSideEncryption {
  if (encryption.type === 'sse-s3') return { type: 'sse-s3' }
  return { type: 'sse-kms', ...(encryption.keyId === undefined ? {} : { keyId: encryption.keyId }) }
}
