import type { Cluster, Node } from '../../../config/index.ts'
import { portPolicies } from '../../../functions/images/cluster/expected-ports.ts'
import type { Speaker } from '../../../functions/images/lab/addresses.ts'
import type { ProbedAddress } from '../site.ts'

/** What such machines often leave open beside: rpcbind, HTTP, SMB, Docker, pgAdmin, Redis, and other databases. */
const oftenOpen = [25, 80, 111, 443, 445, 2375, 2376, 3000, 3306, 5050, 6379, 8080, 9000, 27_017]

/** What every machine is to answer to an administrator, who this process is: it was let in by SSH. */
export function probedAddresses(cluster: Cluster): ProbedAddress[] {
  return cluster.nodes.map((node) => probedAddress(cluster, node, node.hostName ?? node.address, 'admin'))
}

/** What a machine is to answer at one of its addresses. */
export function probedAddress(cluster: Cluster, { name, role }: Node, address: string, speaker: Speaker): ProbedAddress {
  const policies = portPolicies(cluster, role).filter(({ protocol }) => protocol === 'tcp')
  const open = policies.filter(({ reachedBy }) => reachedBy.includes(speaker)).map(({ port }) => port)
  const ports = new Set([...policies.map(({ port }) => port), ...oftenOpen])
  return { node: name, address, speaker, ports: [...ports].sort((a, b) => a - b), open }
}
