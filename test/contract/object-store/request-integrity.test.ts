import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import type { ProviderName } from '../../../functions/platform/object-store/settings.ts'
import type { ObjectStore } from '../../../functions/platform/object-store/store.ts'
import { patternBytes, sha256Hex } from '../../support/bytes.ts'
import { failureOf } from '../../support/failures.ts'
import { type HttpsRecorder, startHttpsRecorder } from '../../support/https-recorder.ts'

const body = patternBytes(100_000)
const digest = sha256Hex(body)
const trusted = getCACertificates('default')

let server: HttpsRecorder
const stores: ObjectStore[] = []

function open(provider: ProviderName): ObjectStore {
  const store = openStore({ type: 's3', bucket: 'bucket', prefix: '', region: 'auto', provider, endpoint: server.endpoint })
  stores.push(store)
  return store
}

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE'
  process.env.AWS_SECRET_ACCESS_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
  server = await startHttpsRecorder()
  setDefaultCACertificates([...trusted, server.root])
})

afterEach(() => {
  for (const store of stores.splice(0)) store.close()
  server.requests.length = 0
})

afterAll(async () => {
  setDefaultCACertificates(trusted)
  await server?.stop()
})

describe('over TLS', () => {
  it.each<[ProviderName, newer: boolean]>([
    ['amazon', true],
    ['digitalocean', false],
    ['r2', false],
    ['hetzner', false],
    ['minio', true],
    ['versitygw', true],
    ['scaleway', false],
    ['generic', false],
  ])('%s gets a body that is signed by its SHA-256, and no checksum that it does not know', async (provider, newer) => {
    await open(provider).put('key', body)
    const [sent] = server.requests.map(({ headers }) => headers)
    expect(sent?.['x-amz-content-sha256']).toBe(digest)
    expect(sent?.authorization).toMatch(/SignedHeaders=[^,]*x-amz-content-sha256/)
    const newerHeaders = Object.entries(sent ?? {}).filter(([name]) => /^x-amz-(checksum|sdk-checksum|trailer)/.test(name))
    const checksum = Buffer.from(digest, 'hex').toString('base64')
    expect(newerHeaders).toEqual(newer ? [['x-amz-checksum-sha256', checksum]] : [])
    expect(sent?.expect).toBeUndefined()
    expect(sent?.connection).toBe('keep-alive')
  })

  it.each<[ProviderName, present: string, absent: string]>([
    ['amazon', 'x-amz-checksum-crc32', 'content-md5'],
    ['digitalocean', 'content-md5', 'x-amz-checksum-crc32'],
  ])('%s gets deletions with the sum that it takes', async (provider, present, absent) => {
    await open(provider).delete(['key'])
    const [sent] = server.requests.map(({ headers }) => headers)
    expect(sent?.[present]).toMatch(/=$/)
    expect(sent?.[absent]).toBeUndefined()
  })

  it('closes the connection behind a large write that may be refused unread', async () => {
    const store = open('amazon')
    await store.put('key', body, { ifAbsent: true })
    await store.put('key', body.subarray(0, 100), { ifAbsent: true })
    expect(server.requests.map(({ headers }) => headers.connection)).toEqual(['close', 'keep-alive'])
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual(['*', '*'])
  })

  it.each([
    [{ type: 'sse-s3' } as const, { 'x-amz-server-side-encryption': 'AES256' }],
    [{ type: 'sse-kms' } as const, { 'x-amz-server-side-encryption': 'aws:kms' }],
    [
      { type: 'sse-kms', keyId: 'alias/backups' } as const,
      { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': 'alias/backups' },
    ],
  ])('asks for the encryption %o', async (encryption, expected) => {
    const settings = { type: 's3', bucket: 'bucket', prefix: '', region: 'auto', endpoint: server.endpoint } as const
    const store = openStore({ ...settings, encryption })
    stores.push(store)
    await store.put('key', body)
    expect(server.requests[0]?.headers).toMatchObject(expected)
  })

  it('refuses a certificate that nobody vouches for', async () => {
    setDefaultCACertificates(trusted)
    try {
      const failure = await failureOf(open('generic').put('key', body))
      expect(failure).toMatchObject({ kind: 'permanent', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
      expect(failure.hint).toContain('NODE_EXTRA_CA_CERTS')
      expect(server.requests).toEqual([])
    } finally {
      setDefaultCACertificates([...trusted, server.root])
    }
  })
})
