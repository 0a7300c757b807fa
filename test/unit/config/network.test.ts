import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cidr, contains, overlap, parseCidr } from '../../../config/network.ts'

function network(text: string): Cidr {
  const verdict = parseCidr(text)
  if ('value' in verdict) return verdict.value
  throw new Error(verdict.rule)
}

/** The network of a 32-bit number and a prefix length, as text. */
function ipv4(bits: number, prefixLength: number): string {
  const masked = prefixLength === 0 ? 0 : (bits & (-1 << (32 - prefixLength))) >>> 0
  return `${[24, 16, 8, 0].map((shift) => (masked >>> shift) & 255).join('.')}/${prefixLength}`
}

const anyIpv4 = fc.record({ bits: fc.integer({ min: 0, max: 2 ** 32 - 1 }), prefixLength: fc.integer({ min: 0, max: 32 }) })

describe('networks', () => {
  it.each([
    ['10.0.0.0/24', 'ipv4', 24],
    ['0.0.0.0/0', 'ipv4', 0],
    ['10.0.0.5/32', 'ipv4', 32],
    ['2001:db8::/32', 'ipv6', 32],
    ['::1/128', 'ipv6', 128],
    ['::ffff:0:0/96', 'ipv6', 96],
  ])('%s', (text, family, prefixLength) => {
    expect(network(text)).toMatchObject({ text, family, prefixLength })
  })

  it.each([
    '',
    '10.0.0.0',
    '10.0.0/24',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.1/24',
    '256.0.0.0/8',
    '2001:db8::1/64',
    '::/129',
    'any/0',
    ' 10.0.0.0/8',
  ])('refuses %j', (text) => {
    expect(parseCidr(text)).toHaveProperty('fix')
  })

  it('take every masked address, and refuse one with a host bit', () => {
    fc.assert(
      fc.property(anyIpv4, ({ bits, prefixLength }) => {
        const text = ipv4(bits, prefixLength)
        expect(network(text).text).toBe(text)
        fc.pre(prefixLength < 32)
        const withHostBit = text.replace(/\d+\/\d+$/, (end) => `${Number(end.split('/')[0]) | 1}/${prefixLength}`)
        expect(parseCidr(withHostBit)).toHaveProperty('fix')
      }),
    )
  })

  it('overlap exactly when one holds the other', () => {
    fc.assert(
      fc.property(anyIpv4, anyIpv4, (a, b) => {
        const shared = Math.min(a.prefixLength, b.prefixLength)
        const expected = ipv4(a.bits, shared) === ipv4(b.bits, shared)
        const [left, right] = [network(ipv4(a.bits, a.prefixLength)), network(ipv4(b.bits, b.prefixLength))]
        expect(overlap(left, right)).toBe(expected)
        expect(overlap(right, left)).toBe(expected)
      }),
    )
  })

  it('of two families are apart', () => {
    expect(overlap(network('0.0.0.0/0'), network('::/0'))).toBe(false)
    expect(contains(network('2001:db8::/32'), '2001:db8:7::1')).toBe(true)
    expect(contains(network('10.0.0.0/8'), '2001:db8::1')).toBe(false)
  })
})
