import { describe, expect, it } from 'vitest'
import { collect, patternBytes, sha256Hex } from '../support/bytes.ts'
import { failureOf } from '../support/failures.ts'
import { useFaultBench } from '../support/fault-store.ts'
import type { Fault } from '../support/s3-fault.ts'

const bench = useFaultBench()
const always = Number.POSITIVE_INFINITY
const body = patternBytes(3_000_000)

describe('reading', () => {
  it.each<[string, Fault]>([
    ['an error', { type: 'refuse', status: 500, code: 'InternalError' }],
    ['a reset before the answer', { type: 'reset', when: 'after body' }],
    ['a body that breaks off', { type: 'truncate', bytes: 1_234_567 }],
    ['a body that breaks off before its first byte', { type: 'truncate', bytes: 0 }],
  ])('gets over %s', async (_, fault) => {
    await bench.truth.put('a', body)
    bench.proxy.inject({ operation: 'GetObject', fault })
    expect(sha256Hex(await collect(bench.store().read('a')))).toBe(sha256Hex(body))
    expect(bench.proxy.count('GetObject')).toBe(2)
  })

  it('goes on at the next byte, of the same version, as often as it gets further', async () => {
    await bench.truth.put('a', body)
    bench.proxy.inject({ operation: 'GetObject', times: 9, fault: { type: 'truncate', bytes: 300_000 } })
    expect(sha256Hex(await collect(bench.store().read('a', { offset: 100, length: 2_900_000 })))).toBe(
      sha256Hex(body.subarray(100, 2_900_100)),
    )
    const [first, ...others] = bench.proxy.requests.map(({ headers }) => headers)
    expect(first?.range).toBe('bytes=100-2900099')
    expect(first?.['if-match']).toBeUndefined()
    expect(others.length).toBe(9)
    for (const { range, 'if-match': ifMatch } of others) {
      expect(range).toMatch(/^bytes=[1-9]\d*-2900099$/)
      expect(ifMatch).toMatch(/^"?[0-9a-f]{32}/)
    }
  })

  it('gets over a body that stalls', async () => {
    await bench.truth.put('a', body)
    bench.proxy.inject({ operation: 'GetObject', fault: { type: 'stall in answer', bytes: 1_000_000 } })
    expect(sha256Hex(await collect(bench.store({}, { stallMs: 500 }).read('a')))).toBe(sha256Hex(body))
  })

  it.each<[string, Fault, { kind: string; code: string }]>([
    ['errors', { type: 'refuse', status: 500, code: 'InternalError' }, { kind: 'transient', code: 'InternalError' }],
    ['a denial', { type: 'refuse', status: 403, code: 'AccessDenied' }, { kind: 'permanent', code: 'AccessDenied' }],
    ['a missing object', { type: 'refuse', status: 404, code: 'NoSuchKey' }, { kind: 'permanent', code: 'NoSuchKey' }],
    [
      'an archived object',
      { type: 'refuse', status: 403, code: 'InvalidObjectState' },
      { kind: 'permanent', code: 'InvalidObjectState' },
    ],
    ['bodies that never begin', { type: 'truncate', bytes: 0 }, { kind: 'transient', code: 'ECONNRESET' }],
    ['stalls', { type: 'stall' }, { kind: 'transient', code: 'TimeoutError' }],
    ['bodies that stall', { type: 'stall in answer', bytes: 0 }, { kind: 'transient', code: 'TimeoutError' }],
    ['a flipped byte', { type: 'corrupt answer', at: 2_000_000 }, { kind: 'permanent', code: 'ChecksumMismatch' }],
    ['an unannounced length', { type: 'header', name: 'content-length' }, { kind: 'transient', code: 'BadResponse' }],
    ['pages of some proxy', { type: 'answer 200', body: '<html>Log in</html>' }, { kind: 'transient', code: 'BadResponse' }],
  ])('fails for %s', async (_, fault, expected) => {
    await bench.truth.put('a', body)
    bench.proxy.inject({ operation: 'GetObject', times: always, fault })
    const failure = await failureOf(collect(bench.store({}, { stallMs: 1000 }).read('a')))
    expect(failure).toMatchObject({ ...expected, subject: expect.stringContaining('/a') })
    expect(failure.hint).not.toBe('')
  })

  it('notices a flipped byte also when the read was resumed', async () => {
    await bench.truth.put('a', body)
    bench.proxy.inject({ operation: 'GetObject', fault: { type: 'truncate', bytes: 1_000_000 } })
    bench.proxy.inject({ operation: 'GetObject', after: 1, fault: { type: 'corrupt answer', at: 1_000_000 } })
    expect(await failureOf(collect(bench.store().read('a')))).toMatchObject({ kind: 'permanent', code: 'ChecksumMismatch' })
  })

  it('refuses an answer with other bytes than asked for', async () => {
    await bench.truth.put('a', body)
    bench.proxy.inject({ operation: 'GetObject', fault: { type: 'header', name: 'content-range' } })
    const failure = await failureOf(collect(bench.store().read('a', { offset: 10, length: 10 })))
    expect(failure).toMatchObject({ kind: 'permanent', code: 'RangeIgnored' })
  })

  it('never joins two versions of an object', async () => {
    await bench.truth.put('a', body)
    bench.proxy.inject({ operation: 'GetObject', fault: { type: 'truncate', bytes: 1_000_000 } })
    const replace = async () => void (await bench.truth.put('a', patternBytes(3_000_000, 2)))
    bench.proxy.inject({ operation: 'GetObject', after: 1, fault: { type: 'meanwhile', run: replace } })
    expect(await failureOf(collect(bench.store().read('a')))).toMatchObject({ kind: 'transient', code: 'ObjectChanged' })
  })

  it('ends at once when its signal fires during a stall', async () => {
    await bench.truth.put('a', body)
    const stop = new AbortController()
    bench.proxy.inject({ operation: 'GetObject', fault: { type: 'stall in answer', bytes: 1000 } })
    const reading = async () => {
      for await (const _ of bench.store().read('a', { signal: stop.signal })) setTimeout(() => stop.abort(), 10)
    }
    expect(await failureOf(reading())).toMatchObject({ kind: 'transient', code: 'Aborted' })
  })
})
