import { expect, test } from 'vitest'
import { fittingBody, longestBodyBytes, type Ping, pingUrl } from '../../../../functions/platform/heartbeat/ping-url.ts'

test.each<[base: string, Ping, url: string]>([
  ['https://hc.example.com/uuid', 'start', 'https://hc.example.com/uuid/start?rid=r1'],
  ['https://hc.example.com/uuid', 'success', 'https://hc.example.com/uuid?rid=r1'],
  ['https://hc.example.com/uuid/', 'success', 'https://hc.example.com/uuid?rid=r1'],
  ['https://hc.example.com/uuid//', 'fail', 'https://hc.example.com/uuid/fail?rid=r1'],
  ['https://hc.example.com/key/slug?create=1', 'start', 'https://hc.example.com/key/slug/start?create=1&rid=r1'],
  ['https://hc.example.com/uuid/?a=b', 'success', 'https://hc.example.com/uuid?a=b&rid=r1'],
  ['https://hc.example.com', 'fail', 'https://hc.example.com/fail?rid=r1'],
])('%s, %s', (base, ping, url) => {
  expect(pingUrl(base, ping, 'r1')).toBe(url)
})

test('a body that is too long is cut between letters', () => {
  expect(fittingBody('short')).toBe('short')
  const cut = fittingBody(`a${'ã'.repeat(longestBodyBytes)}`)
  expect(Buffer.byteLength(cut)).toBe(longestBodyBytes - 1)
  expect(cut.endsWith('ã')).toBe(true)
})
