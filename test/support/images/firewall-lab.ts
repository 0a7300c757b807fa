import { connectNamespaces, NetworkNamespace } from './network-namespace.ts'

/** The addresses of the node: on the network outside, and on the one behind it. */
export const NODE = {
  outer: ['10.0.0.2', '2001:db8:ff::2'],
  inner: ['172.30.0.1', 'fd6b::1'],
} as const
/** The machine behind the node: a container where the node has Docker's bridge, a neighbour otherwise. */
export const BEHIND = ['172.30.0.2', 'fd6b::2'] as const

/** A node that forwards between an outer network, where one machine has every address of a test, and an inner one. */
export interface FirewallLab {
  node: NetworkNamespace
  outside: NetworkNamespace
  behind: NetworkNamespace
  close(): Promise<void>
}

/** The network outside of a node, where one machine has every address of a test. */
export async function openOutside(addresses: readonly string[]): Promise<Pick<FirewallLab, 'node' | 'outside'>> {
  const [node, outside] = await Promise.all([NetworkNamespace.open(), NetworkNamespace.open()])
  await connectNamespaces([node, 'eth0'], [outside, 'eth0'])
  await node.ip(...NODE.outer.map((address) => `addr add ${address} dev eth0`), ...defaultRoutes('dev eth0', 'dev eth0'))
  await outside.ip(
    ...addresses.map((address) => `addr add ${address} dev eth0`),
    ...NODE.outer.map((address) => `route add ${address} dev eth0`),
    ...defaultRoutes(`via ${NODE.outer[0]}`, `via ${NODE.outer[1]}`),
  )
  return { node, outside }
}

/** @param inner name of the node's interface to the machine behind it. */
export async function openFirewallLab(addresses: readonly string[], inner: string): Promise<FirewallLab> {
  const [{ node, outside }, behind] = await Promise.all([openOutside(addresses), NetworkNamespace.open()])
  await node.run('sysctl', ['-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'])
  await connectNamespaces([node, 'port0'], [behind, 'eth0'])
  await node.ip(
    `link add ${inner} type bridge`,
    `link set port0 master ${inner}`,
    `link set ${inner} up`,
    `addr add ${NODE.inner[0]}/24 dev ${inner}`,
    `addr add ${NODE.inner[1]}/64 dev ${inner}`,
  )
  await behind.ip(
    `addr add ${BEHIND[0]}/24 dev eth0`,
    `addr add ${BEHIND[1]}/64 dev eth0`,
    ...defaultRoutes(`via ${NODE.inner[0]}`, `via ${NODE.inner[1]}`),
  )
  const close = async (): Promise<void> => {
    for (const namespace of [behind, outside, node]) await namespace.close()
  }
  return { node, outside, behind, close }
}

function defaultRoutes(ipv4: string, ipv6: string): string[] {
  return [`route add default ${ipv4}`, `route add ::/0 ${ipv6}`]
}
