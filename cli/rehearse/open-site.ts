import type { Cluster } from '../../config/cluster.ts'
import type { Site } from '../../handover/sites/site.ts'
import type { CommandContext } from '../run/run-command.ts'
import { commandEnvironment } from '../settings/environment.ts'
import type { RehearseOptions } from './rehearse-options.ts'

/** What kind of site the drills are to act on: the machines of the definition, where nothing else is said. */
export function siteKind({ sandbox = false, images }: Pick<RehearseOptions, 'sandbox' | 'images'>): Site['on'] {
  if (sandbox) return 'sandbox'
  return images === undefined ? 'cluster' : 'images'
}

/** The site that the drills act on. */
export async function openSite(
  definition: Cluster,
  options: Pick<RehearseOptions, 'sandbox' | 'images'>,
  { signal, note }: Pick<CommandContext, 'signal' | 'note'>,
): Promise<Site> {
  const env = commandEnvironment(definition)
  const { images: directories = [] } = options
  switch (siteKind(options)) {
    case 'sandbox': {
      const { startSandboxSite } = await import('../../handover/sites/start-sandbox-site.ts')
      return await startSandboxSite(definition, env, signal)
    }
    case 'images': {
      const { openImagesSite } = await import('../../handover/sites/images-site.ts')
      return await openImagesSite({ definition, directories, env, signal, say: note })
    }
    case 'cluster': {
      const { openSshCluster } = await import('../../handover/sites/ssh-cluster.ts')
      return await openSshCluster({ on: 'cluster', definition, env, signal })
    }
  }
}
