import type { ParsedCluster } from '../schema/cluster.ts'
import { formatBytes } from '../units.ts'
import { type Rule, when } from './rule.ts'

const MB = 1_000_000

/** Of memory: a quarter for shared buffers, 15 % for the system; the rest is shared out among connections. */
const CONNECTIONS_SHARE = 0.6
/** For three workers of autovacuum. */
const VACUUM_BYTES = 48 * MB
/** The least that a connection is counted with: 4 MB of work_mem, of which half is in use at the same time. */
const CONNECTION_BYTES = 2 * MB

/** Of a disk, what WAL may take that is kept for others. */
const WAL_SHARE = 0.5

function databaseNodes({ nodes }: ParsedCluster) {
  return nodes.map((node, index) => ({ node, at: `nodes[${index}]` })).filter(({ node }) => node.role !== 'docker')
}

const connectionsFit: Rule = {
  needs: ['nodes', 'postgres.maxConnections'],
  check: (cluster) =>
    databaseNodes(cluster).flatMap(({ node, at }) => {
      const room = ((node.memoryBytes ?? Number.POSITIVE_INFINITY) * CONNECTIONS_SHARE - VACUUM_BYTES) / CONNECTION_BYTES
      const { maxConnections } = cluster.postgres
      return when(
        maxConnections > room,
        `${at}.memory`,
        `holds ${Math.floor(room)} connections at ${formatBytes(CONNECTION_BYTES)} each, but postgres.maxConnections is ${maxConnections}`,
        'give the machine more, or lower postgres.maxConnections',
      )
    }),
}

const walFits: Rule = {
  needs: ['nodes', 'postgres.maxSlotWal', 'postgres.walKeep'],
  check: (cluster) =>
    databaseNodes(cluster).flatMap(({ node, at }) => {
      const { maxSlotWalBytes, walKeepBytes } = cluster.postgres
      const kept = Math.max(maxSlotWalBytes, walKeepBytes)
      return when(
        node.diskBytes !== undefined && kept > node.diskBytes * WAL_SHARE,
        `${at}.disk`,
        `is half filled by the ${formatBytes(kept)} of WAL that may be kept for replicas`,
        `give the machine more, or lower postgres.${maxSlotWalBytes >= walKeepBytes ? 'maxSlotWal' : 'walKeep'}`,
      )
    }),
}

const imageFits: Rule = {
  needs: ['nodes', 'images.builders.qemu.disk'],
  check: ({ nodes, images }) =>
    nodes.flatMap(({ diskBytes }, index) =>
      when(
        diskBytes !== undefined && diskBytes < images.builders.qemu.diskBytes,
        `nodes[${index}].disk`,
        `is smaller than the image, ${formatBytes(images.builders.qemu.diskBytes)}`,
        'give the machine more, or lower images.builders.qemu.disk',
      ),
    ),
}

const servicesFit: Rule = {
  needs: ['nodes', 'docker.services'],
  check: ({ nodes, docker }) => {
    const wanted = docker.services.reduce(
      (sum, service) => sum + (service.memoryBytes ?? 0) * ('replicas' in service ? service.replicas : 1),
      0,
    )
    return nodes.flatMap(({ role, memoryBytes }, index) =>
      when(
        role === 'docker' && memoryBytes !== undefined && wanted > memoryBytes,
        `nodes[${index}].memory`,
        `is less than the ${formatBytes(wanted)} that the services may use together`,
        'give the machine more, or lower docker.services[].memory',
      ),
    )
  },
}

export const machineRules: readonly Rule[] = [connectionsFit, walFits, imageFits, servicesFit]
