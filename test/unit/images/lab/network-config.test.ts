import { expect, test } from 'vitest'
import { networkConfig } from '../../../../functions/images/lab/network-config.ts'

test('the card is found by its address, and everything else is behind the bridge', () => {
  const config = JSON.parse(networkConfig('52:54:00:77:00:01', ['10.0.0.11/24', 'fd77::2/64'])) as {
    ethernets: { eth0: { match: object; addresses: string[]; routes: object[] } }
  }
  expect(config.ethernets.eth0).toMatchObject({
    match: { macaddress: '52:54:00:77:00:01' },
    addresses: ['10.0.0.11/24', 'fd77::2/64'],
    routes: [
      { to: '0.0.0.0/0', via: '169.254.77.1', 'on-link': true },
      { to: '::/0', via: 'fe80::77:1', 'on-link': true },
    ],
  })
})
