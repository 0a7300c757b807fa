import type { ParsedCluster } from './schema/cluster.ts'

/** The replication slot of a node on the primary: as written, or made of its name; none where it is no replica. */
export function slotOf({ role, slot, name }: ParsedCluster['nodes'][number]): string | undefined {
  return role === 'replica' ? (slot ?? `ballast_${name.replaceAll('-', '_')}`) : undefined
}
