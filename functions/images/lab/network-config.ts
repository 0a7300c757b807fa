import { gateways } from '../../platform/qemu/network.ts'

/**
 * The network of a machine in the lab, as cloud-init and netplan have it: fixed addresses, and the lab's bridge as the way to
 * everywhere else.
 */
export function networkConfig(mac: string, addresses: readonly string[]): string {
  const routes = [
    { to: '0.0.0.0/0', via: gateways.v4, 'on-link': true },
    { to: '::/0', via: gateways.v6, 'on-link': true },
  ]
  const nic = { match: { macaddress: mac }, 'set-name': 'eth0', dhcp4: false, 'accept-ra': false, addresses, routes }
  return `${JSON.stringify({ version: 2, ethernets: { eth0: nic } }, undefined, 1)}\n`
}
