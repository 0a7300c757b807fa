import { afterAll, beforeAll } from 'vitest'
import type { Drill } from '../../handover/drills/drill.ts'
import { type RehearsedDrill, rehearse } from '../../handover/drills/rehearse.ts'
import { runOrigin } from '../../handover/records/run-start.ts'
import type { SandboxSite } from '../../handover/sites/sandbox-site.ts'
import type { Site } from '../../handover/sites/site.ts'
import { startSandboxSite } from '../../handover/sites/start-sandbox-site.ts'
import { drilledCluster } from './drilled-cluster.ts'

/** A sandbox of a cluster for the tests of a file. */
export function useDrillSite(definition = drilledCluster()): () => SandboxSite {
  let site: SandboxSite | undefined
  beforeAll(async () => {
    site = await startSandboxSite(definition, process.env, AbortSignal.timeout(120_000))
  })
  afterAll(() => site?.close())
  return () => {
    if (site === undefined) throw new Error('the sandbox has not started')
    return site
  }
}

/** Runs drills as the command does, with the records in that directory. */
export async function runDrills(
  site: Site,
  drills: readonly Drill[],
  results: string,
  signal = new AbortController().signal,
): Promise<RehearsedDrill[]> {
  const origin = await runOrigin(site.definition, site.on, import.meta.dirname, process.env)
  const planned = drills.map((drill) => ({ drill }))
  const quiet = { onDrill: () => undefined, onEnd: () => undefined }
  return await rehearse({ site, planned, origin, results, signal, ...quiet })
}

/** What a drill measured under a name. */
export function measured(done: RehearsedDrill | undefined, key: string) {
  return done?.record.measurements.find((one) => one.key === key)
}
