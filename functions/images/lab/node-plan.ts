import { randomBytes } from 'node:crypto'
import { administrator } from '../../../config/administrator.ts'
import type { Cluster, Node } from '../../../config/index.ts'
import { isDatabase } from '../../../packer/roles.ts'
import { SALT_BYTES, scramVerifier } from '../../../packer/scram-verifier.ts'
import { renderSeed, type Seed } from '../../../packer/seed.ts'
import { speakers } from './addresses.ts'
import type { Lab } from './lab.ts'
import type { MachinePlan } from './machine.ts'

/** A node of a definition, in a lab. */
export interface LabNode {
  lab: Lab
  cluster: Cluster
  node: Node
  /** Of each role that the definition names. */
  passwords: Readonly<Record<string, string>>
}

const prefixLengths = { ipv4: 24, ipv6: 64 }

/** New passwords for everybody whom the definition names. */
export function labPasswords({ accounts, databases }: Cluster): LabNode['passwords'] {
  const roles = [...Object.values(accounts).map(({ user }) => user), ...databases.map(({ owner }) => owner)]
  return Object.fromEntries(roles.map((role) => [role, randomBytes(18).toString('base64url')]))
}

/** The addresses of a node in the lab: its own of the definition, and one of the other family. */
export function labAddresses({ cluster, node }: Pick<LabNode, 'cluster' | 'node'>): { ipv4: string; ipv6: string } {
  const number = cluster.nodes.findIndex(({ name }) => name === node.name) + 1
  return node.address.includes(':')
    ? { ipv4: `10.77.77.${number}`, ipv6: node.address }
    : { ipv4: node.address, ipv6: `fd77::${number}` }
}

/**
 * What makes a machine of the lab this node, by the same seed that `ballast images seed` renders.
 *
 * @param number see {@link MachinePlan}.
 */
export function nodePlan(known: LabNode, { number, disk, name }: { number: number; disk: string; name: string }): MachinePlan {
  const { lab, cluster, node } = known
  const { firewall } = cluster
  const { ipv4, ipv6 } = labAddresses(known)
  const { admin, app } = speakers(cluster, 'ipv4', lab.taken)
  return {
    ...{ name, number, disk },
    seed: withKey(renderSeed(cluster, node, secretsOf(known)), lab.key.publicKey),
    addresses: [`${ipv4}/${prefixLengths.ipv4}`, `${ipv6}/${prefixLengths.ipv6}`],
    login: { user: administrator, port: firewall.sshPort, from: admin },
    spokenTo: app,
  }
}

/** Lets one more key in, as a cloud does that hands over its user's. */
function withKey(seed: Seed, publicKey: string): Seed {
  const [heading = '', ...lines] = seed['user-data'].split('\n')
  const userData = { ...(JSON.parse(lines.join('\n')) as object), ssh_authorized_keys: [publicKey] }
  return { ...seed, 'user-data': `${heading}\n${JSON.stringify(userData, undefined, 1)}\n` }
}

function secretsOf({ cluster: { accounts }, node, passwords }: LabNode): Record<string, string> {
  if (!isDatabase(node.role)) return {}
  const replication = { 'replication-password': passwords[accounts.replication.user] ?? '' }
  if (node.role === 'replica') return replication
  const verifiers = Object.entries(passwords).map(([role, password]) => {
    return [`${role}.verifier`, scramVerifier(password, randomBytes(SALT_BYTES))] as const
  })
  return { ...replication, ...Object.fromEntries(verifiers) }
}
