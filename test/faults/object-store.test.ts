import { describe, expect, it } from 'vitest'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import { collect, patternBytes, sha256Hex } from '../support/bytes.ts'
import { failureOf } from '../support/failures.ts'
import { useFaultBench } from '../support/fault-store.ts'
import type { Fault } from '../support/s3-fault.ts'

const bench = useFaultBench()
const nothing = { objects: [], pending: [] }
const always = Number.POSITIVE_INFINITY

describe('storing in one request', () => {
  it.each<[string, Fault]>([
    ['an internal error', { type: 'refuse', status: 500, code: 'InternalError' }],
    ['a request to slow down', { type: 'refuse', status: 503, code: 'SlowDown' }],
    ['a bad gateway', { type: 'refuse', status: 502, code: '' }],
    ['a conflicting writer', { type: 'refuse', status: 409, code: 'ConditionalRequestConflict' }],
    ['a clock that is off', { type: 'refuse', status: 403, code: 'RequestTimeTooSkewed' }],
    ['a reset before the body', { type: 'reset', when: 'before body' }],
    ['a reset after the body', { type: 'reset', when: 'after body' }],
    ['a reset within the body', { type: 'reset in body', bytes: 100_000 }],
    ['a byte that flips on the way', { type: 'corrupt request', at: 77_777 }],
    ['a page of some proxy', { type: 'answer 200', body: '<html>Log in</html>' }],
  ])('gets over %s', async (_, fault) => {
    bench.proxy.inject({ operation: 'PutObject', fault })
    const body = patternBytes(300_000)
    await bench.store().put('a', body, { ifAbsent: true })
    expect(bench.proxy.count('PutObject')).toBe(2)
    expect(sha256Hex(await collect(bench.truth.read('a')))).toBe(sha256Hex(body))
  })

  // The larger body is refused unread the second time, so that its refusal may be lost as well.
  it.each([1000, 300_000])('gets over a lost answer to a write of %i bytes that was to be the first', async (size) => {
    bench.proxy.inject({ operation: 'PutObject', fault: { type: 'reset', when: 'after work' } })
    const body = patternBytes(size)
    await bench.store().put('a', body, { ifAbsent: true })
    expect(sha256Hex(await collect(bench.truth.read('a')))).toBe(sha256Hex(body))
    expect(await bench.leftovers()).toEqual({ objects: ['a'], pending: [] })
  })

  it.each<[string, Fault, { kind: string; code: string }, attempts: number]>([
    [
      'internal errors',
      { type: 'refuse', status: 500, code: 'InternalError' },
      { kind: 'transient', code: 'InternalError' },
      4,
    ],
    ['requests to slow down', { type: 'refuse', status: 503, code: 'SlowDown' }, { kind: 'transient', code: 'SlowDown' }, 4],
    ['a broken gateway', { type: 'refuse', status: 502, code: '' }, { kind: 'transient', code: 'Http502' }, 4],
    ['a denial', { type: 'refuse', status: 403, code: 'AccessDenied' }, { kind: 'permanent', code: 'AccessDenied' }, 1],
    ['a missing bucket', { type: 'refuse', status: 404, code: 'NoSuchBucket' }, { kind: 'permanent', code: 'NoSuchBucket' }, 1],
    ['an expired token', { type: 'refuse', status: 400, code: 'ExpiredToken' }, { kind: 'permanent', code: 'ExpiredToken' }, 1],
    ['a foreign token', { type: 'refuse', status: 400, code: 'InvalidToken' }, { kind: 'permanent', code: 'InvalidToken' }, 1],
    [
      'a full store',
      { type: 'refuse', status: 507, code: 'XMinioStorageFull' },
      { kind: 'permanent', code: 'InsufficientStorage' },
      1,
    ],
    [
      'a used-up quota',
      { type: 'refuse', status: 403, code: 'QuotaExceeded' },
      { kind: 'permanent', code: 'QuotaExceeded' },
      1,
    ],
    [
      'a wrong region',
      { type: 'refuse', status: 400, code: 'AuthorizationHeaderMalformed' },
      { kind: 'config', code: 'AuthorizationHeaderMalformed' },
      1,
    ],
    [
      'a disabled key',
      { type: 'refuse', status: 400, code: 'KMS.DisabledException' },
      { kind: 'permanent', code: 'KMS.DisabledException' },
      1,
    ],
    [
      'a wrong clock',
      { type: 'refuse', status: 403, code: 'RequestTimeTooSkewed' },
      { kind: 'permanent', code: 'RequestTimeTooSkewed' },
      2,
    ],
    [
      'a taken key',
      { type: 'refuse', status: 412, code: 'PreconditionFailed' },
      { kind: 'permanent', code: 'PreconditionFailed' },
      1,
    ],
    [
      'a busy key',
      { type: 'refuse', status: 409, code: 'ConditionalRequestConflict' },
      { kind: 'transient', code: 'PreconditionFailed' },
      4,
    ],
    ['resets', { type: 'reset', when: 'after body' }, { kind: 'transient', code: 'ECONNRESET' }, 4],
    ['flipped bytes', { type: 'corrupt request', at: 5 }, { kind: 'transient', code: 'BadDigest' }, 4],
    ['pages of some proxy', { type: 'answer 200', body: '<html>Log in</html>' }, { kind: 'transient', code: 'BadResponse' }, 4],
  ])('fails for %s', async (_, fault, expected, attempts) => {
    bench.proxy.inject({ operation: 'PutObject', times: always, fault })
    const failure = await failureOf(bench.store().put('a', patternBytes(1000), { ifAbsent: true }))
    expect(failure).toMatchObject({ ...expected, subject: expect.stringContaining('/a') })
    expect(failure.hint).not.toBe('')
    expect(bench.proxy.count('PutObject')).toBe(attempts)
    expect(await bench.leftovers()).toEqual(nothing)
  })

  it('fails for a stall, after one more attempt', async () => {
    bench.proxy.inject({ operation: 'PutObject', times: always, fault: { type: 'stall' } })
    const failure = await failureOf(bench.store({}, { stallMs: 500 }).put('a', patternBytes(1000)))
    expect(failure).toMatchObject({ kind: 'transient', code: 'TimeoutError' })
    expect(bench.proxy.count('PutObject')).toBe(2)
    expect(await bench.leftovers()).toEqual(nothing)
  })

  it('finds the refusal behind a connection that is cut before it could be read', async () => {
    bench.proxy.inject({ operation: 'PutObject', times: always, fault: { type: 'reset in body', bytes: 100_000 } })
    const denied: Fault = { type: 'refuse', status: 403, code: 'AccessDenied' }
    bench.proxy.inject({ operation: 'CreateMultipartUpload', fault: denied })
    const failure = await failureOf(bench.store().put('a', patternBytes(300_000)))
    expect(failure).toMatchObject({ kind: 'permanent', code: 'AccessDenied' })
    expect(await bench.leftovers()).toEqual(nothing)
  })

  it('finds the taken key behind a connection that is cut before it could be read', async () => {
    await bench.truth.put('a', Buffer.from('theirs'))
    bench.proxy.inject({ operation: 'PutObject', times: always, fault: { type: 'reset in body', bytes: 100_000 } })
    const failure = await failureOf(bench.store().put('a', patternBytes(300_000), { ifAbsent: true }))
    expect(failure).toMatchObject({ kind: 'permanent', code: 'PreconditionFailed' })
    expect(await bench.leftovers()).toEqual({ objects: ['a'], pending: [] })
  })

  it('has a body refused that changed on the way, also by a store without newer checksums', async () => {
    bench.proxy.inject({ operation: 'PutObject', times: always, fault: { type: 'corrupt request', at: 5 } })
    const body = patternBytes(1000)
    const failure = await failureOf(bench.store({ provider: 'generic' }).put('a', body))
    expect(failure).toMatchObject({ kind: 'transient', code: 'BadDigest' })
    const [sent] = bench.proxy.requests
    expect(sent?.headers['x-amz-content-sha256']).toBe(sha256Hex(body))
    expect(sent?.headers['x-amz-checksum-sha256']).toBeUndefined()
    expect(await bench.leftovers()).toEqual(nothing)
  })

  it('looks before it stores where the condition may be ignored, and sends nothing to a taken key', async () => {
    const store = bench.store({ provider: 'generic' })
    await store.put('a', Buffer.from('first'), { ifAbsent: true })
    expect(await failureOf(store.put('a', Buffer.from('second'), { ifAbsent: true }))).toMatchObject({
      kind: 'permanent',
      code: 'PreconditionFailed',
    })
    const operations = bench.proxy.requests.map(({ operation }) => operation)
    expect(operations).toEqual(['HeadObject', 'HeadBucket', 'PutObject', 'HeadObject'])
    expect(bench.proxy.requests[2]?.headers['if-none-match']).toBe('*')
  })

  it('stores without the condition where the store refuses the condition itself', async () => {
    bench.proxy.inject({ operation: 'PutObject', fault: { type: 'refuse', status: 501, code: 'NotImplemented' } })
    await bench.store({ provider: 'generic' }).put('a', Buffer.from('first'), { ifAbsent: true })
    const puts = bench.proxy.requests.filter(({ operation }) => operation === 'PutObject')
    expect(puts.map(({ headers }) => headers['if-none-match'])).toEqual(['*', undefined])
    expect(await bench.leftovers()).toEqual({ objects: ['a'], pending: [] })
  })

  it('fails when the store confirms another checksum', async () => {
    const fault: Fault = { type: 'header', name: 'x-amz-checksum-sha256', value: 'AAAA' }
    bench.proxy.inject({ operation: 'PutObject', fault })
    const failure = await failureOf(bench.store().put('a', patternBytes(1000)))
    expect(failure).toMatchObject({ kind: 'permanent', code: 'ChecksumMismatch' })
  })

  it('does not take another writer’s object for its own after a lost answer', async () => {
    bench.proxy.inject({ operation: 'PutObject', fault: { type: 'reset', when: 'after body' } })
    const other = async () => void (await bench.truth.put('a', Buffer.from('theirs')))
    bench.proxy.inject({ operation: 'PutObject', after: 1, fault: { type: 'meanwhile', run: other } })
    const failure = await failureOf(bench.store().put('a', Buffer.from('ours..'), { ifAbsent: true }))
    expect(failure).toMatchObject({ kind: 'permanent', code: 'PreconditionFailed' })
    expect((await collect(bench.truth.read('a'))).toString()).toBe('theirs')
  })
})

describe('access', () => {
  it('names a bucket that does not exist, whatever is asked of it', async () => {
    const store = bench.store({ bucket: 'no-such-bucket' })
    const missing = { kind: 'permanent', code: 'NoSuchBucket' }
    expect(await failureOf(store.put('a', Buffer.from('x')))).toMatchObject(missing)
    expect(await failureOf(store.head('a'))).toMatchObject(missing)
    expect(await failureOf(collect(store.read('a')))).toMatchObject(missing)
    expect(await failureOf(Array.fromAsync(store.list('')))).toMatchObject(missing)
    expect(await failureOf(Array.fromAsync(store.pendingUploads('')))).toMatchObject(missing)
    expect(await failureOf(store.delete(['a']))).toMatchObject(missing)
  })

  it('reports a denied HEAD, which has no body, as denied', async () => {
    bench.proxy.inject({ operation: 'HeadObject', fault: { type: 'refuse', status: 403, code: 'AccessDenied' } })
    expect(await failureOf(bench.store().head('a'))).toMatchObject({ kind: 'permanent', code: 'AccessDenied' })
  })

  it('takes a key for missing when asking about the bucket is denied', async () => {
    bench.proxy.inject({ operation: 'HeadBucket', fault: { type: 'refuse', status: 403, code: 'AccessDenied' } })
    expect(await bench.store().head('a')).toBeUndefined()
  })

  it.each([
    ['an unknown access key', 'AWS_ACCESS_KEY_ID', 'InvalidAccessKeyId'],
    ['a wrong secret key', 'AWS_SECRET_ACCESS_KEY', 'SignatureDoesNotMatch'],
  ])('names %s', async (_, variable, code) => {
    const right = process.env[variable]
    process.env[variable] = 'wrong'
    try {
      const failure = await failureOf(bench.store().put('a', Buffer.from('x')))
      expect(failure).toMatchObject({ kind: 'permanent', code })
      expect(failure.message).not.toContain(bench.server.secretKey)
    } finally {
      process.env[variable] = right
    }
  })

  it('asks for credentials when there are none', async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env
    const none = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' }
    Object.assign(process.env, none)
    delete process.env.AWS_ACCESS_KEY_ID
    delete process.env.AWS_SECRET_ACCESS_KEY
    try {
      const failure = await failureOf(bench.store().put('a', Buffer.from('x')))
      expect(failure).toMatchObject({ kind: 'config', code: 'NoCredentials' })
      expect(failure.hint).toContain('AWS_ACCESS_KEY_ID')
    } finally {
      for (const name of Object.keys(none)) delete process.env[name]
      Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY })
    }
  })

  it('asks for a region when Amazon’s own store is named without one', async () => {
    Object.assign(process.env, { AWS_CONFIG_FILE: '/dev/null' })
    const store = openStore({ type: 's3', bucket: 'bucket', prefix: '' })
    try {
      expect(await failureOf(store.head('a'))).toMatchObject({ kind: 'config', code: 'RegionMissing' })
    } finally {
      delete process.env.AWS_CONFIG_FILE
      store.close()
    }
  })

  it('says that nothing listens at the endpoint', async () => {
    const failure = await failureOf(bench.store({ endpoint: 'http://127.0.0.1:9' }).head('a'))
    expect(failure).toMatchObject({ kind: 'transient', code: 'ECONNREFUSED' })
  })

  it('says that the endpoint does not speak TLS', async () => {
    const endpoint = bench.server.endpoint.replace('http:', 'https:')
    expect(await failureOf(bench.store({ endpoint }).head('a'))).toMatchObject({ kind: 'config' })
  })
})

describe('listing and deleting', () => {
  it.each<[string, string]>([
    ['a page of some proxy', '<html><body>Log in</body></html>'],
    ['nothing at all', ''],
    ['another document', '<?xml version="1.0"?><ListResult><Contents><Key>a</Key></Contents></ListResult>'],
  ])('does not take %s for an empty store', async (_, body) => {
    bench.proxy.inject({ operation: 'ListObjectsV2', times: always, fault: { type: 'answer 200', body } })
    expect(await failureOf(Array.fromAsync(bench.store().list('')))).toMatchObject({ kind: 'transient', code: 'BadResponse' })
  })

  it('does not take the first page for all when the second cannot be had', async () => {
    const next = '<NextContinuationToken>more</NextContinuationToken>'
    const first = `<ListBucketResult><Name>ballast</Name><IsTruncated>true</IsTruncated>${next}</ListBucketResult>`
    bench.proxy.inject({ operation: 'ListObjectsV2', fault: { type: 'answer 200', body: first } })
    const fault: Fault = { type: 'refuse', status: 500, code: 'InternalError' }
    bench.proxy.inject({ operation: 'ListObjectsV2', after: 1, times: always, fault })
    expect(await failureOf(Array.fromAsync(bench.store().list('')))).toMatchObject({ kind: 'transient', code: 'InternalError' })
  })

  it('does not take a listing for complete that says it goes on, but not where', async () => {
    const body = '<ListBucketResult><Name>ballast</Name><IsTruncated>true</IsTruncated></ListBucketResult>'
    bench.proxy.inject({ operation: 'ListObjectsV2', fault: { type: 'answer 200', body } })
    expect(await failureOf(Array.fromAsync(bench.store().list('')))).toMatchObject({ kind: 'permanent', code: 'BadListing' })
  })

  it('names the first object that may not be deleted', async () => {
    const refused = (key: string) => `<Error><Key>${key}</Key><Code>AccessDenied</Code><Message>no</Message></Error>`
    const body = `<DeleteResult>${refused('p/one')}${refused('p/two')}</DeleteResult>`
    bench.proxy.inject({ operation: 'DeleteObjects', fault: { type: 'answer 200', body } })
    const failure = await failureOf(bench.store().delete(['one', 'two']))
    expect(failure).toMatchObject({ kind: 'permanent', code: 'AccessDenied', subject: 's3://ballast/p/one' })
    expect(failure.message).toContain('1 more')
  })

  it('sends Content-MD5 and no newer checksum to a store that wants it so', async () => {
    await bench.store({ provider: 'generic' }).delete(['one'])
    const [sent] = bench.proxy.requests
    expect(sent?.headers['content-md5']).toMatch(/^[A-Za-z0-9+/]{22}==$/)
    expect(Object.keys(sent?.headers ?? {}).filter((name) => name.startsWith('x-amz-checksum'))).toEqual([])
  })
})
