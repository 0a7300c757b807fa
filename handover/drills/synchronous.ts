import { definedReplicas, type Site } from '../sites/site.ts'
import type { Durability } from './row-writer.ts'

/**
 * Settings of the primary under which a transaction that asks for it waits for a standby, and every other one is as before;
 * none where the definition has all of them wait already.
 */
export function synchronousSettings(site: Pick<Site, 'cluster' | 'nodes'>): Record<string, string> {
  if (site.cluster.postgres.synchronous.mode !== 'off') return {}
  const names = definedReplicas(site).map((name) => `"${name}"`)
  return { synchronous_commit: 'local', synchronous_standby_names: `ANY 1 (${names.join(', ')})` }
}

/** The durabilities to write with: the definition's own, and where nothing waits by it, a synchronous one beside it. */
export function durabilities({ cluster }: Pick<Site, 'cluster'>): readonly Durability[] {
  const { mode } = cluster.postgres.synchronous
  return mode === 'off' ? ['on', 'local'] : [mode]
}
