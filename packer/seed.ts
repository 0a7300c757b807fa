import type { Cluster, Node } from '../config/index.ts'
import { isDatabase } from './roles.ts'

/** Secrets of one node, by the file below /etc/ballast/secrets that holds them; see {@link seedNeeds}. */
export type SeedSecrets = Readonly<Record<string, string>>

/** Addresses that the machine sets itself; without, it asks by DHCP. */
export interface SeedNetwork {
  /** Of the node's private network. */
  prefixLength: number
  gateway?: string | undefined
  nameServers: readonly string[]
}

/** What makes a machine from an image one node: the three files of cloud-init's NoCloud; other clouds take `user-data` alone. */
export type Seed = Readonly<Record<'user-data' | 'meta-data' | 'network-config', string>>

const SECRETS = '/etc/ballast/secrets'

/** The seed of a node. It holds the secrets as they are: for root's eyes, and for no longer than the first boot. */
export function renderSeed(cluster: Cluster, node: Node, secrets: SeedSecrets, network?: SeedNetwork): Seed {
  const files = [
    { path: '/etc/ballast/node.env', permissions: '0644', content: nodeEnv(cluster, node) },
    ...Object.entries(secrets).map(([name, content]) => ({ path: `${SECRETS}/${name}`, permissions: '0600', content })),
  ]
  const userData = {
    hostname: node.name,
    ...(node.hostName === undefined ? {} : { fqdn: node.hostName }),
    write_files: files,
  }
  return {
    'user-data': `#cloud-config\n${json(userData)}`,
    // What runs once per instance runs again only on another disk.
    'meta-data': json({ 'instance-id': `${cluster.name}-${node.name}`, 'local-hostname': node.name }),
    'network-config': json(networkConfig(node, network)),
  }
}

/** JSON is YAML, and has only one way to quote. */
function json(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`
}

/** What the programs in the image know of this node; a shell reads it. */
function nodeEnv({ nodes }: Cluster, node: Node): string {
  const primary = nodes.find(({ role }) => role === 'primary')
  const others = nodes.filter(({ name, role }) => name !== node.name && isDatabase(role))
  const common = { NODE_NAME: node.name, NODE_ADDRESS: node.address, PRIMARY_ADDRESS: primary?.address ?? '' }
  const own = {
    // A primary has one as well: for the day on which it joins another.
    REPLICATION_SLOT: node.slot ?? `ballast_${node.name.replaceAll('-', '_')}`,
    SYNC_NAMES: others.map(({ name }) => name).join(' '),
    CERTIFICATE_NAMES: [
      ...(node.hostName === undefined ? [] : [`DNS:${node.hostName}`]),
      ...(node.publicAddress === undefined ? [] : [`IP:${node.publicAddress}`]),
    ].join(' '),
  }
  return Object.entries(isDatabase(node.role) ? { ...common, ...own } : common)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('')
}

/** The first network card, whatever the kernel calls it. */
function networkConfig({ address }: Node, network: SeedNetwork | undefined): object {
  const card = { match: { name: 'e*' } }
  if (network === undefined) return { version: 2, ethernets: { primary: { ...card, dhcp4: true } } }
  const { prefixLength, gateway, nameServers } = network
  const routes = gateway === undefined ? {} : { routes: [{ to: address.includes(':') ? '::/0' : '0.0.0.0/0', via: gateway }] }
  const own = { addresses: [`${address}/${prefixLength}`], ...routes, nameservers: { addresses: nameServers } }
  return { version: 2, ethernets: { primary: { ...card, ...own } } }
}
