import { expect, test } from 'vitest'
import reference from '../../../../ballast.config.ts'
import { type Cidr, parseCidr } from '../../../../config/network.ts'
import { firstAddresses, speakers } from '../../../../functions/images/lab/addresses.ts'

function network(text: string): Cidr {
  const parsed = parseCidr(text)
  if (!('value' in parsed)) throw new Error(`${text} is no network`)
  return parsed.value
}

test.each([
  ['10.0.0.10/32', ['10.0.0.10'], 1],
  ['10.0.0.12/31', ['10.0.0.13'], 1],
  ['10.0.0.0/30', ['10.0.0.1', '10.0.0.2'], 2],
  ['10.0.0.0/8', ['10.0.0.1', '10.0.0.2'], 16],
  ['2001:db8:7::/48', ['2001:db8:7::1', '2001:db8:7::2'], 16],
  ['2001:db8::1/128', ['2001:db8::1'], 1],
  ['fd00:1:2:3:4:5:6:0/112', ['fd00:1:2:3:4:5:6:1', 'fd00:1:2:3:4:5:6:2'], 16],
])('machines may have these addresses of %s', (text, first, count) => {
  const addresses = firstAddresses(network(text))
  expect(addresses.slice(0, first.length)).toEqual(first)
  expect(addresses).toHaveLength(count)
})

test('each group speaks from an address of its own that no machine has', () => {
  expect(speakers(reference, 'ipv4', ['10.0.0.11'])).toEqual({
    ...{ admin: '203.0.113.7', app: '10.0.0.10', replica: '10.0.0.13', monitor: '10.0.0.20', stranger: '198.51.100.99' },
  })
})

test('a group without a free address, or without networks of the family, is silent', () => {
  expect(speakers(reference, 'ipv4', ['10.0.0.10'])).not.toHaveProperty('app')
  expect(speakers(reference, 'ipv6', [])).toEqual({ admin: '2001:db8:7::1', stranger: '2001:db8:ffff::99' })
})
