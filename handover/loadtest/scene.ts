import type { Cluster } from '../../config/cluster.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { clusterLoadSite, sandboxLoadSite } from './load-site.ts'
import type { LoadTest } from './load-test.ts'
import { startReferenceApp } from './reference-app.ts'
import { definedTargets } from './requests/targets.ts'

/** What a load test acts on. */
export interface LoadScene extends Pick<LoadTest, 'targets' | 'site' | 'neighbour'> {
  /** Lets go of it; a sandbox ends. */
  stop(): Promise<void>
}

/** The service of the reference application that is taken down. */
const neighbour = 'consolidation'

/**
 * Starts a sandbox with the reference application on it.
 *
 * @param signal ends the start alone: what is stopped later stops the load first, and then this.
 */
export async function startSandboxScene(signal: AbortSignal): Promise<LoadScene> {
  const sandbox = await startSandbox({ s3: false })
  try {
    signal.throwIfAborted()
    const application = await startReferenceApp({ databaseUrl: sandbox.pgbouncer.url(), signal })
    return {
      targets: application.targets,
      site: sandboxLoadSite(sandbox),
      neighbour: {
        target: neighbour,
        stop: () => application.stopService(neighbour),
        start: () => application.startService(neighbour),
      },
      stop: async () => {
        await application.stop()
        await sandbox.stop()
      },
    }
  } catch (error) {
    await sandbox.stop()
    throw error
  }
}

/** The services and machines of a definition. @param database of the definition; undefined leaves the database alone. */
export async function clusterScene(
  definition: Cluster,
  database: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<LoadScene> {
  const targets = definedTargets(definition)
  const site = database === undefined ? undefined : await clusterLoadSite(definition, database, env)
  return { targets, site, stop: () => Promise.resolve() }
}
