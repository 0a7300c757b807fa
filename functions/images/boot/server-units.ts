import type { Cluster } from '../../../config/index.ts'
import { type ImageRole, isDatabase } from '../../../packer/roles.ts'

/** The services that a role is there for. */
export interface ServerUnits {
  /** systemd's names. */
  servers: readonly string[]
  /** The package of a library that they have loaded. */
  library: string
  /** A package of theirs that waits for an operator. */
  held: string
}

export function serverUnits({ postgres }: Cluster, role: ImageRole): ServerUnits {
  if (!isDatabase(role)) return { servers: ['docker.service', 'containerd.service'], library: 'libseccomp2', held: 'docker.io' }
  return {
    servers: [`postgresql@${postgres.version}-main.service`, 'pgbouncer.service'],
    library: 'libssl3t64',
    held: 'pgbouncer',
  }
}
