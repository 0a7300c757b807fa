import type { Cluster } from '../../config/index.ts'
import { type FirewallRule, firewallRules, NETWORK_GROUPS, type NetworkGroup, networksOf } from '../firewall-rules.ts'
import type { RoleFile } from '../role-file.ts'
import { type ImageRole, isDatabase } from '../roles.ts'

const FAMILIES = [
  { family: 'ipv4', suffix: '4', type: 'ipv4_addr', source: 'ip saddr' },
  { family: 'ipv6', suffix: '6', type: 'ipv6_addr', source: 'ip6 saddr' },
] as const

/** The role's nftables table; `ballast-firewall.service` loads it. */
export function firewallFiles(cluster: Cluster, role: ImageRole): readonly RoleFile[] {
  return [{ path: '/etc/nftables.d/ballast.nft', content: table(cluster, role) }]
}

/**
 * Declared, deleted and defined in one transaction: a reload leaves no gap, and the tables of Docker and of others stay.
 * nft 1.0.6 wants every statement on a line of its own.
 */
function table(cluster: Cluster, role: ImageRole): string {
  const rules = firewallRules(cluster, role)
  const parts = [
    'counter dropped_in {\n\t}',
    'counter dropped_forward {\n\t}',
    ...groupSets(cluster, rules),
    chain('input', 'filter', inputLines(cluster, rules)),
    chain('forward', 'filter - 10', isDatabase(role) ? FORWARD_NOTHING : forwardLines(rules)),
  ]
  return `#!/usr/sbin/nft -f
# What a machine of the role ${role} accepts, from the definition of the cluster ${cluster.name}: change it there.
# Loaded as one transaction: systemctl reload ballast-firewall
table inet ballast
delete table inet ballast

table inet ballast {
${parts.map((part) => `\t${part}\n`).join('\n')}}
`
}

/** The networks that rules name, by group and address family: nft knows no empty list of elements. */
function groupSets(cluster: Cluster, rules: readonly FirewallRule[]): string[] {
  return NETWORK_GROUPS.filter((group) => rules.some(({ from }) => from === group)).flatMap((group) =>
    FAMILIES.flatMap(({ family, suffix, type }) => {
      const networks = networksOfFamily(cluster, group, family)
      if (networks.length === 0) return []
      return [`set ${group}${suffix} {\n\t\ttype ${type}\n\t\tflags interval\n\t\telements = { ${networks.join(', ')} }\n\t}`]
    }),
  )
}

function networksOfFamily(cluster: Cluster, group: NetworkGroup, family: 'ipv4' | 'ipv6'): string[] {
  return networksOf(group, cluster).flatMap((network) => (network.family === family ? [network.text] : []))
}

function chain(hook: 'input' | 'forward', priority: string, lines: readonly string[]): string {
  const policy = `type filter hook ${hook} priority ${priority}; policy drop;`
  return `chain ${hook} {\n${[policy, ...lines].map((line) => `\t\t${line}\n`).join('')}\t}`
}

/** First: what belongs to a connection that was accepted goes on, also over a reload. */
const KNOWN = 'ct state vmap { established : accept, related : accept, invalid : drop }'

/** Errors of known connections are `related`; this is what an address needs to be found and to be pinged. */
const ADDRESSING = [
  'icmp type echo-request limit rate 20/second burst 40 packets accept',
  'icmpv6 type echo-request limit rate 20/second burst 40 packets accept',
  'icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept',
  'ip6 saddr fe80::/10 icmpv6 type mld-listener-query accept',
  'udp sport 67 udp dport 68 accept comment "DHCP"',
  'ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept comment "DHCPv6"',
]

function inputLines(cluster: Cluster, rules: readonly FirewallRule[]): string[] {
  return [
    KNOWN,
    'iifname "lo" accept',
    ...ADDRESSING,
    ...rules.flatMap((rule) => acceptLines(cluster, rule)),
    'meta pkttype { broadcast, multicast } drop comment "noise, not worth a line in the log"',
    ...dropLines('in'),
  ]
}

function acceptLines(cluster: Cluster, { from, ports, service }: FirewallRule): string[] {
  const accept = `tcp dport ${portSet(ports)} accept comment "${service}"`
  if (from === 'anyone') return [accept]
  return FAMILIES.filter(({ family }) => networksOfFamily(cluster, from, family).length > 0).map(
    ({ suffix, source }) => `${source} @${from}${suffix} ${accept}`,
  )
}

/**
 * Docker's rules accept every port that a container publishes; a drop here, before them, is final. Containers reach out over
 * Docker's own bridges, and from outside only the ports that anyone may use reach in, by the port that was asked for.
 */
function forwardLines(rules: readonly FirewallRule[]): string[] {
  return [
    KNOWN,
    'iifname "docker0" accept',
    'iifname "br-*" accept',
    ...rules
      .filter(({ from }) => from === 'anyone')
      .map(
        ({ ports, service }) =>
          `meta l4proto tcp ct status dnat ct original proto-dst ${portSet(ports)} accept comment "${service}"`,
      ),
    ...dropLines('forward'),
  ]
}

/** A database routes nothing. */
const FORWARD_NOTHING = dropLines('forward')

/** Every drop is counted, and few of them are logged: a scan must not fill the journal. */
function dropLines(way: 'in' | 'forward'): string[] {
  return [
    `limit rate 10/minute burst 20 packets log prefix "ballast dropped ${way}: " level info`,
    `counter name dropped_${way}`,
  ]
}

function portSet(ports: readonly number[]): string {
  return `{ ${ports.join(', ')} }`
}
