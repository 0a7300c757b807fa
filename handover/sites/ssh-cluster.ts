import type { Cluster } from '../../config/index.ts'
import { privateDirectory } from '../../functions/platform/process/private-directory.ts'
import { firstStore } from '../../functions/runtime/definition/defined-stores.ts'
import { type MachinesSiteOptions, machinesSite } from './machines-site.ts'
import type { Site } from './site.ts'
import { remoteOf } from './ssh/remote.ts'
import { requireNodes } from './ssh/require-nodes.ts'
import { type SshAccess, sshEnvironment } from './ssh/ssh-args.ts'

/** Machines that are reached by SSH. */
export interface SshClusterOptions extends Omit<MachinesSiteOptions, 'cluster' | 'store'> {
  /** As operations are to see it here; the definition itself, where there is no difference. */
  cluster?: Cluster
  /** How the machines are reached, where that is not by the operator's own configuration from here. */
  ssh?: Pick<SshAccess, 'configFile' | 'inside'>
  /** Fires while the machines are being looked at. */
  signal: AbortSignal
}

/**
 * The machines of a definition, whatever cloud they are in, by SSH as `admin` and by the programs that the images bring. Every
 * machine is asked first whether it is the node that it is taken for; nothing is changed by that.
 *
 * @throws Failure of kind `config` that says of each machine why it cannot be rehearsed on.
 */
export async function openSshCluster({ ssh, signal, ...options }: SshClusterOptions): Promise<Site> {
  const { definition, cluster = definition, env } = options
  const sockets = await privateDirectory('ballast-ssh-')
  const access = { directory: sockets.path, env: sshEnvironment(env), ...ssh }
  const remotes = cluster.nodes.map((node) => remoteOf(node, cluster, access))
  const close = async (): Promise<void> => {
    await Promise.all(remotes.map((remote) => remote.close()))
    await sockets.dispose()
  }
  try {
    await requireNodes(cluster, remotes, signal)
    const store = await firstStore(cluster, env)
    return { ...machinesSite({ ...options, cluster, store }, remotes), close }
  } catch (error) {
    await close()
    throw error
  }
}
