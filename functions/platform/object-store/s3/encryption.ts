import type { ServerSideEncryption } from '../settings.ts'

/** The request parameters that ask for server-side encryption. */
export type EncryptionParameters = { ServerSideEncryption?: 'AES256' | 'aws:kms'; SSEKMSKeyId?: string }

export function encryptionParameters(encryption: ServerSideEncryption | undefined): EncryptionParameters {
  if (encryption === undefined) return {}
  if (encryption.type === 'sse-s3') return { ServerSideEncryption: 'AES256' }
  const key = encryption.keyId === undefined ? {} : { SSEKMSKeyId: encryption.keyId }
  return { ServerSideEncryption: 'aws:kms', ...key }
}
