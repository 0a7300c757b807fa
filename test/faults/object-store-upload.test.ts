import { describe, expect, it } from 'vitest'
import type { ObjectStore, PutOptions } from '../../functions/platform/object-store/store.ts'
import { collect, patternBytes, sha256Hex } from '../support/bytes.ts'
import { failureOf } from '../support/failures.ts'
import { useFaultBench } from '../support/fault-store.ts'
import type { Fault } from '../support/s3-fault.ts'
import type { S3Operation } from '../support/s3-operation.ts'

const bench = useFaultBench()
const nothing = { objects: [], pending: [] }
const always = Number.POSITIVE_INFINITY
const partBytes = 8 * 1024 * 1024
/** Two parts, the last one short. */
const body = patternBytes(partBytes + 100_000)

async function uploadBody(store: ObjectStore, options: PutOptions = {}): Promise<void> {
  const upload = store.upload('a', options)
  await upload.write(body)
  await upload.finish()
}

const internalError = '<Error><Code>InternalError</Code><Message>We failed after all</Message></Error>'
const refuse = (status: number, code: string): Fault => ({ type: 'refuse', status, code })

describe('an upload in parts', () => {
  it.each<[string, S3Operation, Fault]>([
    ['an error on beginning', 'CreateMultipartUpload', refuse(500, 'InternalError')],
    ['an answer without an upload id', 'CreateMultipartUpload', { type: 'answer 200', body: '<Other/>' }],
    ['an error on a part', 'UploadPart', refuse(503, 'SlowDown')],
    ['a reset before a part', 'UploadPart', { type: 'reset', when: 'before body' }],
    ['a reset within a part', 'UploadPart', { type: 'reset in body', bytes: 30_000 }],
    ['a lost answer to a part', 'UploadPart', { type: 'reset', when: 'after work' }],
    ['a byte of a part that flips on the way', 'UploadPart', { type: 'corrupt request', at: 50_000 }],
    ['an error on completion', 'CompleteMultipartUpload', refuse(500, 'InternalError')],
    ['an error within a 200 on completion', 'CompleteMultipartUpload', { type: 'answer 200', body: internalError }],
    ['the same with a line break behind it', 'CompleteMultipartUpload', { type: 'answer 200', body: `${internalError}\n\n` }],
    ['an empty 200 on completion', 'CompleteMultipartUpload', { type: 'answer 200', body: '' }],
    ['a lost answer to completion', 'CompleteMultipartUpload', { type: 'reset', when: 'after work' }],
    [
      'an error after the work of completion',
      'CompleteMultipartUpload',
      { type: 'answer 200', body: internalError, work: true },
    ],
  ])('gets over %s', async (_, operation, fault) => {
    bench.proxy.inject({ operation, fault })
    await uploadBody(bench.store(), { ifAbsent: true })
    expect(sha256Hex(await collect(bench.truth.read('a')))).toBe(sha256Hex(body))
    expect(await bench.leftovers()).toEqual({ objects: ['a'], pending: [] })
  })

  it('gets over a lost answer to completion on a store without newer checksums', async () => {
    bench.proxy.inject({ operation: 'CompleteMultipartUpload', fault: { type: 'reset', when: 'after work' } })
    await uploadBody(bench.store({ provider: 'generic' }))
    expect(sha256Hex(await collect(bench.truth.read('a')))).toBe(sha256Hex(body))
  })

  it.each<[string, S3Operation, Fault, { kind: string; code: string }]>([
    [
      'errors on beginning',
      'CreateMultipartUpload',
      refuse(500, 'InternalError'),
      { kind: 'transient', code: 'InternalError' },
    ],
    [
      'a denial on beginning',
      'CreateMultipartUpload',
      refuse(403, 'AccessDenied'),
      { kind: 'permanent', code: 'AccessDenied' },
    ],
    ['errors on parts', 'UploadPart', refuse(503, 'ServiceUnavailable'), { kind: 'transient', code: 'ServiceUnavailable' }],
    ['a denial on parts', 'UploadPart', refuse(403, 'AccessDenied'), { kind: 'permanent', code: 'AccessDenied' }],
    ['resets within parts', 'UploadPart', { type: 'reset in body', bytes: 10_000 }, { kind: 'transient', code: 'ECONNRESET' }],
    ['flipped bytes', 'UploadPart', { type: 'corrupt request', at: 9 }, { kind: 'transient', code: 'BadDigest' }],
    [
      'a part confirmed with another checksum',
      'UploadPart',
      { type: 'header', name: 'x-amz-checksum-sha256', value: 'AAAA' },
      { kind: 'permanent', code: 'ChecksumMismatch' },
    ],
    ['an upload ended from outside', 'UploadPart', refuse(404, 'NoSuchUpload'), { kind: 'transient', code: 'NoSuchUpload' }],
    [
      'errors on completion',
      'CompleteMultipartUpload',
      refuse(500, 'InternalError'),
      { kind: 'transient', code: 'InternalError' },
    ],
    [
      'errors within a 200 on completion',
      'CompleteMultipartUpload',
      { type: 'answer 200', body: internalError },
      { kind: 'transient', code: 'InternalError' },
    ],
    [
      'a 200 on completion that is not the store’s',
      'CompleteMultipartUpload',
      { type: 'answer 200', body: '<html>Log in</html>' },
      { kind: 'transient', code: 'BadResponse' },
    ],
    [
      'a completion that never happened',
      'CompleteMultipartUpload',
      { type: 'answer 200', body: '<CompleteMultipartUploadResult><ETag>"x-2"</ETag></CompleteMultipartUploadResult>' },
      { kind: 'permanent', code: 'SizeMismatch' },
    ],
    [
      'a taken key on completion',
      'CompleteMultipartUpload',
      refuse(412, 'PreconditionFailed'),
      { kind: 'permanent', code: 'PreconditionFailed' },
    ],
    [
      'a busy key on completion',
      'CompleteMultipartUpload',
      refuse(409, 'ConditionalRequestConflict'),
      { kind: 'transient', code: 'PreconditionFailed' },
    ],
  ])('fails for %s, and leaves nothing', async (_, operation, fault, expected) => {
    bench.proxy.inject({ operation, times: always, fault })
    const failure = await failureOf(uploadBody(bench.store()))
    expect(failure).toMatchObject({ ...expected, subject: expect.stringContaining('/a') })
    expect(failure.hint).not.toBe('')
    expect(await bench.leftovers()).toEqual(nothing)
  })

  it('fails for a part that stalls, and leaves nothing', async () => {
    bench.proxy.inject({ operation: 'UploadPart', after: 1, times: always, fault: { type: 'stall' } })
    const failure = await failureOf(uploadBody(bench.store({}, { stallMs: 1000 })))
    expect(failure).toMatchObject({ kind: 'transient', code: 'TimeoutError' })
    expect(await bench.leftovers()).toEqual(nothing)
  })

  it('fails when the store then keeps another checksum', async () => {
    const fault: Fault = { type: 'header', name: 'x-amz-checksum-sha256', value: 'AAAA-2' }
    bench.proxy.inject({ operation: 'HeadObject', fault })
    expect(await failureOf(uploadBody(bench.store()))).toMatchObject({ kind: 'permanent', code: 'ChecksumMismatch' })
  })

  it('does not take another writer’s object for its own', async () => {
    bench.proxy.inject({ operation: 'CompleteMultipartUpload', fault: refuse(500, 'InternalError') })
    const other = async () => void (await bench.truth.put('a', Buffer.from('theirs')))
    bench.proxy.inject({ operation: 'CompleteMultipartUpload', after: 1, fault: { type: 'meanwhile', run: other } })
    const failure = await failureOf(uploadBody(bench.store(), { ifAbsent: true }))
    expect(failure).toMatchObject({ kind: 'permanent', code: 'PreconditionFailed' })
    expect((await collect(bench.truth.read('a'))).toString()).toBe('theirs')
    expect(await bench.leftovers()).toEqual({ objects: ['a'], pending: [] })
  })

  it('reports the first failure when aborting fails too, and what is left shows up as pending', async () => {
    bench.proxy.inject({ operation: 'UploadPart', after: 1, times: always, fault: refuse(403, 'AccessDenied') })
    bench.proxy.inject({ operation: 'AbortMultipartUpload', times: always, fault: refuse(500, 'InternalError') })
    expect(await failureOf(uploadBody(bench.store()))).toMatchObject({ kind: 'permanent', code: 'AccessDenied' })
    expect(await bench.leftovers()).toEqual({ objects: [], pending: ['a'] })
  })

  it('ends when its signal fires during a part that stalls, and leaves nothing', async () => {
    const stop = new AbortController()
    const fire = async () => stop.abort()
    bench.proxy.inject({
      operation: 'UploadPart',
      fault: { type: 'meanwhile', run: () => fire().then(() => new Promise(() => undefined)) },
    })
    expect(await failureOf(uploadBody(bench.store(), { signal: stop.signal }))).toMatchObject({ code: 'Aborted' })
    expect(await bench.leftovers()).toEqual(nothing)
  })

  it('ends when its signal fires during the beginning, and leaves nothing', async () => {
    const stop = new AbortController()
    const fault: Fault = { type: 'meanwhile', run: async () => stop.abort() }
    bench.proxy.inject({ operation: 'CreateMultipartUpload', fault })
    expect(await failureOf(uploadBody(bench.store(), { signal: stop.signal }))).toMatchObject({ code: 'Aborted' })
    expect(await bench.leftovers()).toEqual(nothing)
  })

  it('sends each part with its own signed hash and checksum', async () => {
    await uploadBody(bench.store())
    const parts = bench.proxy.requests.filter(({ operation }) => operation === 'UploadPart')
    const hashes = [sha256Hex(body.subarray(0, partBytes)), sha256Hex(body.subarray(partBytes))]
    expect(parts.map(({ headers }) => headers['x-amz-content-sha256'])).toEqual(hashes)
    const checksums = parts.map(({ headers }) =>
      Buffer.from(String(headers['x-amz-checksum-sha256']), 'base64').toString('hex'),
    )
    expect(checksums).toEqual(hashes)
  })
})
