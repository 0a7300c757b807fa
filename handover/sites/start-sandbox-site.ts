import type { Cluster } from '../../config/cluster.ts'
import { firstStore } from '../../functions/runtime/definition/defined-stores.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { prepareSandbox } from './prepare-sandbox.ts'
import { archiveSettings } from './sandbox-archive.ts'
import { poolerLimits, sandboxCluster, sandboxEnvironment, sandboxNodes } from './sandbox-cluster.ts'
import { SandboxSite } from './sandbox-site.ts'

/**
 * Starts a sandbox with the nodes, databases and limits of a definition, as a site for drills.
 *
 * @param around the environment that the sandbox's own is made from.
 * @param signal ends the start alone: later, what drills changed is put back first, and then the site is closed.
 */
export async function startSandboxSite(
  definition: Cluster,
  around: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<SandboxSite> {
  const [primary, ...replicas] = sandboxNodes(definition).map(({ name, slot }) => {
    return { name, slot: slot ?? `ballast_${name.replaceAll('-', '_')}` }
  })
  if (primary === undefined) throw new Error('a definition without a primary has passed the check')
  signal.throwIfAborted()
  const sandbox = await startSandbox({
    ...{ databases: [], primary, standby: replicas, pgbouncer: poolerLimits(definition) },
    primaryInMemory: true,
    settings: { ...serverSettings(definition), ...archiveSettings(definition) },
  })
  try {
    await prepareSandbox(sandbox, definition)
    signal.throwIfAborted()
    const cluster = sandboxCluster(definition, sandbox.data)
    const env = sandboxEnvironment(sandbox.data, around)
    return new SandboxSite({ sandbox, definition, cluster, env, settings: await firstStore(cluster, env) })
  } catch (error) {
    await sandbox.stop()
    throw error
  }
}

/** What the images take over from the definition as well: without WAL that is kept, a standby cannot follow a new primary. */
function serverSettings({ postgres }: Cluster): Record<string, string> {
  return { max_connections: String(postgres.maxConnections), wal_keep_size: `${Math.ceil(postgres.walKeepBytes / 2 ** 20)}MB` }
}
