import { expect, test } from 'vitest'
import { networkCode, networkFailure, retryAfter, tookTooLong } from '../../../../functions/platform/http/post.ts'

const nowMs = Date.parse('2026-11-22T06:00:00Z')

test.each<[string | null, number | undefined]>([
  [null, undefined],
  ['12', 12],
  ['Sun, 22 Nov 2026 06:00:30 GMT', 30],
  ['Sun, 22 Nov 2026 05:00:00 GMT', 0],
  ['soon', undefined],
])('Retry-After: %s', (header, seconds) => {
  expect(retryAfter(header, nowMs)).toBe(seconds)
})

const coded = (code: string, cause?: unknown) => Object.assign(new Error('at https://user:secret@host', { cause }), { code })

test.each<[unknown, string]>([
  [new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }), 'ECONNREFUSED'],
  [new TypeError('fetch failed', { cause: new AggregateError([coded('ENETUNREACH'), coded('EPIPE')], 'all') }), 'ENETUNREACH'],
  [tookTooLong, 'TimeoutError'],
  [new TypeError('Failed to parse URL from secret'), 'unknown error'],
  ['secret', 'unknown error'],
])('the code of %s', (thrown, code) => {
  expect(networkCode(thrown)).toBe(code)
})

test('a failure never repeats the text of an error', () => {
  for (const code of ['ECONNRESET', 'CERT_HAS_EXPIRED', 'secret-code']) {
    const failure = networkFailure(coded(code), 'The channel "x"', 'channel x')
    expect(`${failure.message} ${failure.hint} ${failure.stack}`).not.toContain('secret')
    expect(failure.cause).toBeUndefined()
  }
  expect(networkFailure(coded('CERT_HAS_EXPIRED'), 'It', 'x').kind).toBe('permanent')
  expect(networkFailure(coded('ECONNRESET'), 'It', 'x').kind).toBe('transient')
})
