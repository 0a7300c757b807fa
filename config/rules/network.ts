import { type Cidr, contains, overlap } from '../network.ts'
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
        [postgres.port, pgbouncer.port, firewall.sshPort].includes(port),
        `firewall.publicPorts[${index}]`,
        `port ${port} must never be open to the world`,
        'remove it',
      ),
    ),
  ],
}

export const networkRules: readonly Rule[] = [apart, closed, reachable, bridges, publicPorts]
