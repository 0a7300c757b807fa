import type { Cluster } from '../../config/cluster.ts'
import type { Site } from '../../handover/sites/site.ts'
import { startSandboxSite } from '../../handover/sites/start-sandbox-site.ts'
import { configFailure } from '../settings/config-failure.ts'
import { commandEnvironment } from '../settings/environment.ts'
import type { RehearseOptions } from './rehearse-options.ts'

/** What kind of site the drills are to act on. */
export function siteKind({ sandbox = false }: Pick<RehearseOptions, 'sandbox'>): Site['on'] {
  return sandbox ? 'sandbox' : 'cluster'
}

/** The site that the drills act on. */
export async function openSite(
  definition: Cluster,
  options: Pick<RehearseOptions, 'sandbox'>,
  signal: AbortSignal,
): Promise<Site> {
  if (siteKind(options) === 'sandbox') return await startSandboxSite(definition, commandEnvironment(definition), signal)
  throw configFailure('it was not said what the drills act on', '--sandbox', 'Add --sandbox, for a cluster of their own.')
}
