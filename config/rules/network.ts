import { NODE_EXPORTER_PORT, POSTGRES_EXPORTER_PORT } from '../exporter-ports.ts'
import { type Cidr, contains, knownCidr, overlap } from '../network.ts'
import type { Problem } from '../problems.ts'
import type { ParsedCluster } from '../schema/cluster.ts'
import { type Rule, repeated, when } from './rule.ts'

const GROUPS = ['admin', 'app', 'replica', 'monitor'] as const

interface Placed {
  group: string
  path: string
  cidr: Cidr
}

function networks(firewall: ParsedCluster['firewall']): Placed[] {
  return GROUPS.flatMap((group) => firewall[group].map((cidr, index) => ({ group, path: `firewall.${group}[${index}]`, cidr })))
}

/** Wider than any network that one owner has. */
function tooWide({ family, prefixLength }: Cidr): boolean {
  return prefixLength < (family === 'ipv4' ? 8 : 16)
}

/** One network may have several roles, but then it is written the same way in each; anything else is most likely a slip. */
function clash(a: Placed, b: Placed): Problem[] {
  if (tooWide(a.cidr) || tooWide(b.cidr) || !overlap(a.cidr, b.cidr) || (a.group !== b.group && a.cidr.text === b.cidr.text))
    return []
  return [
    {
      path: b.path,
      rule: `${b.cidr.text} overlaps ${a.path} ${a.cidr.text}`,
      fix: 'make them apart, or the same network in both lists',
    },
  ]
}

const apart: Rule = {
  needs: ['firewall'],
  check: ({ firewall }) => {
    const placed = networks(firewall)
    return placed.flatMap((b, index) => placed.slice(0, index).flatMap((a) => clash(a, b)))
  },
}

const closed: Rule = {
  needs: ['firewall'],
  check: ({ firewall }) =>
    networks(firewall).flatMap(({ path, cidr, group }) =>
      when(tooWide(cidr), path, `${cidr.text} is a large part of the Internet`, `name the networks of ${group} only`),
    ),
}

/** Link-local and multicast: no machine is reached or known by them. Loopback is one's own cluster, on one machine. */
const NOWHERE = ['169.254.0.0/16', '224.0.0.0/4', 'fe80::/10', 'ff00::/8'].map(knownCidr)

const elsewhere: Rule = {
  needs: ['firewall', 'nodes'],
  check: ({ firewall, nodes }) => [
    ...networks(firewall).flatMap(({ path, cidr }) =>
      when(
        !tooWide(cidr) && NOWHERE.some((network) => overlap(network, cidr)),
        path,
        `${cidr.text} is link-local or multicast, which no machine is known by`,
        'name the network by which the machines reach each other',
      ),
    ),
    ...nodes.flatMap(({ address }, index) =>
      when(
        NOWHERE.some((network) => contains(network, address)),
        `nodes[${index}].address`,
        `${address} is link-local or multicast, which no machine is reached by`,
        'write the private address',
      ),
    ),
  ],
}

function outside(cluster: ParsedCluster, roles: readonly string[], group: 'app' | 'replica', alone: number): Problem[] {
  const members = cluster.nodes.map((node, index) => ({ node, index })).filter(({ node }) => roles.includes(node.role))
  if (members.length <= alone) return []
  return members.flatMap(({ node, index }) =>
    when(
      !cluster.firewall[group].some((cidr) => contains(cidr, node.address)),
      `nodes[${index}].address`,
      `${node.address} is in no network of firewall.${group}, so the other nodes would refuse it`,
      `add '${node.address}/${node.address.includes(':') ? 128 : 32}' to firewall.${group}`,
    ),
  )
}

const reachable: Rule = {
  needs: ['nodes', 'firewall'],
  check: (cluster) => [...outside(cluster, ['docker'], 'app', 0), ...outside(cluster, ['primary', 'replica'], 'replica', 1)],
}

/** Where an address may be used by anybody for a network of one's own. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(knownCidr)
/** Docker makes a network of 256 addresses for each stack. */
const SMALLEST_POOL = 22

const ownBridges: Rule = {
  needs: ['docker.addressPool'],
  check: ({ docker: { addressPool } }) => [
    ...when(
      !PRIVATE.some((network) => contains(network, addressPool.address)),
      'docker.addressPool',
      `${addressPool.text} is not a private IPv4 network`,
      "write e.g. '172.30.0.0/16'",
    ),
    ...when(
      addressPool.family === 'ipv4' && addressPool.prefixLength > SMALLEST_POOL,
      'docker.addressPool',
      `${addressPool.text} is too small for the networks of the stacks`,
      `write a prefix of at most /${SMALLEST_POOL}`,
    ),
  ],
}

const bridges: Rule = {
  needs: ['docker.addressPool', 'nodes', 'firewall'],
  check: ({ docker: { addressPool }, nodes, firewall }) => {
    const node = nodes.find(({ address }) => contains(addressPool, address))
    const network = networks(firewall).find(({ cidr }) => !tooWide(cidr) && overlap(addressPool, cidr))
    const other = node === undefined ? network && `${network.path} ${network.cidr.text}` : `the address of node '${node.name}'`
    return when(
      other !== undefined,
      'docker.addressPool',
      `${addressPool.text} overlaps ${other}, which containers could then not reach`,
      'use a private network of its own',
    )
  },
}

const publicPorts: Rule = {
  needs: ['firewall', 'postgres.port', 'pgbouncer.port'],
  check: ({ firewall, postgres, pgbouncer }) => [
    ...repeated(firewall.publicPorts, String, (index) => `firewall.publicPorts[${index}]`, 'name every port once'),
    ...firewall.publicPorts.flatMap((port, index) =>
      when(
        [postgres.port, pgbouncer.port, firewall.sshPort, NODE_EXPORTER_PORT, POSTGRES_EXPORTER_PORT].includes(port),
        `firewall.publicPorts[${index}]`,
        `port ${port} must never be open to the world`,
        'remove it',
      ),
    ),
  ],
}

export const networkRules: readonly Rule[] = [apart, closed, elsewhere, reachable, ownBridges, bridges, publicPorts]
