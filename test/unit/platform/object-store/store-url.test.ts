import { describe, expect, it } from 'vitest'
import { storeLocation } from '../../../../functions/platform/object-store/location.ts'
import { providerProfile } from '../../../../functions/platform/object-store/profiles.ts'
import { parseStoreUrl } from '../../../../functions/platform/object-store/store-url.ts'
import { failureOf } from '../../../support/failures.ts'

describe('parseStoreUrl', () => {
  it.each<[string, Record<string, string>, object]>([
    ['s3://bucket', {}, { type: 's3', bucket: 'bucket', prefix: '' }],
    ['s3://bucket/', {}, { type: 's3', bucket: 'bucket', prefix: '' }],
    ['s3://my.bucket-1/a/b', {}, { type: 's3', bucket: 'my.bucket-1', prefix: 'a/b' }],
    ['s3://bucket/a/b/', {}, { type: 's3', bucket: 'bucket', prefix: 'a/b' }],
    ['s3://bucket/a%20b +c', {}, { type: 's3', bucket: 'bucket', prefix: 'a%20b +c' }],
    ['s3://bucket', { AWS_REGION: 'sa-east-1', AWS_DEFAULT_REGION: 'eu-west-1' }, { region: 'sa-east-1' }],
    ['s3://bucket', { AWS_DEFAULT_REGION: 'eu-west-1' }, { region: 'eu-west-1' }],
    ['s3://bucket', { AWS_PROFILE: 'backup' }, { awsProfile: 'backup' }],
    ['s3://bucket', { AWS_ENDPOINT_URL: 'https://all.example' }, { endpoint: 'https://all.example' }],
    [
      's3://bucket',
      { AWS_ENDPOINT_URL: 'https://all.example', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:7070' },
      { endpoint: 'http://127.0.0.1:7070' },
    ],
    ['s3://bucket', { AWS_ENDPOINT_URL_S3: '', AWS_ENDPOINT_URL: 'https://all.example' }, { endpoint: 'https://all.example' }],
    ['file:///var/backups', {}, { type: 'file', directory: '/var/backups' }],
    ['file:///with%20space/ä', {}, { type: 'file', directory: '/with space/ä' }],
  ])('reads %s with %o', (url, env, expected) => {
    expect(parseStoreUrl(url, env)).toMatchObject(expected)
  })

  it('sets nothing that neither URL nor environment names', () => {
    expect(parseStoreUrl('s3://bucket/p', { AWS_REGION: '', PATH: '/bin' })).toEqual({
      type: 's3',
      bucket: 'bucket',
      prefix: 'p',
    })
  })

  it('lets options win over the environment', () => {
    const env = { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_S3: 'https://env.example', AWS_PROFILE: 'env' }
    const options = { region: 'auto', endpoint: 'https://option.example', provider: 'r2', awsProfile: 'option' } as const
    expect(parseStoreUrl('s3://bucket', env, options)).toMatchObject(options)
  })

  it.each<[string, Record<string, string>, string]>([
    ['', {}, 'BadStoreUrl'],
    ['/var/backups', {}, 'BadStoreUrl'],
    ['bucket/prefix', {}, 'BadStoreUrl'],
    ['https://bucket.s3.amazonaws.com/prefix', {}, 'BadStoreUrl'],
    ['gs://bucket', {}, 'BadStoreUrl'],
    ['S3://bucket', {}, 'BadStoreUrl'],
    ['s3://', {}, 'BadStoreUrl'],
    ['s3:///prefix', {}, 'BadStoreUrl'],
    ['s3://Bucket', {}, 'BadStoreUrl'],
    ['s3://ab', {}, 'BadStoreUrl'],
    ['s3://bucket_1/prefix', {}, 'BadStoreUrl'],
    ['s3://bucket/prefix?region=eu', {}, 'BadStoreUrl'],
    ['s3://key:secret@bucket/prefix', {}, 'BadStoreUrl'],
    ['s3://bucket//prefix', {}, 'BadKey'],
    ['s3://bucket/../other', {}, 'BadKey'],
    ['file://relative/path', {}, 'BadStoreUrl'],
    ['file:relative', {}, 'BadStoreUrl'],
    ['file:///bad%2Fescape', {}, 'BadStoreUrl'],
    ['s3://bucket', { AWS_ENDPOINT_URL_S3: '127.0.0.1:7070' }, 'BadEndpoint'],
    ['s3://bucket', { AWS_ENDPOINT_URL: 'ftp://example' }, 'BadEndpoint'],
  ])('refuses %j with %o', async (url, env, code) => {
    const failure = await failureOf(Promise.resolve().then(() => parseStoreUrl(url, env)))
    expect(failure).toMatchObject({ kind: 'config', code })
    expect(failure.hint).not.toBe('')
    expect(`${failure.message} ${failure.subject}`).not.toContain('secret')
  })
})

describe('storeLocation', () => {
  it.each(['s3://bucket', 's3://bucket/a/b', 'file:///var/backups', 'file:///with%20space'])('gives %s back', (url) => {
    expect(storeLocation(parseStoreUrl(url))).toBe(url)
  })
})

describe('providerProfile', () => {
  it.each([
    [undefined, 'amazon'],
    ['https://s3.eu-central-1.amazonaws.com', 'amazon'],
    ['https://fra1.digitaloceanspaces.com', 'digitalocean'],
    ['https://0123.r2.cloudflarestorage.com', 'r2'],
    ['https://fsn1.your-objectstorage.com', 'hetzner'],
    ['https://s3.fr-par.scw.cloud', 'scaleway'],
    ['http://127.0.0.1:9000', 'generic'],
    ['https://amazonaws.com.example', 'generic'],
  ])('takes %s for %s', (endpoint, name) => {
    expect(providerProfile(endpoint === undefined ? {} : { endpoint }).name).toBe(name)
  })

  it('believes a named provider', () => {
    expect(providerProfile({ endpoint: 'http://127.0.0.1:9000', provider: 'minio' }).name).toBe('minio')
  })
})
