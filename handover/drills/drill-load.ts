import type { LoadSite } from '../loadtest/load-site.ts'
import { type LoadRun, runLoad } from '../loadtest/run-load.ts'
import { definedPrimary, definedReplicas, type Site } from '../sites/site.ts'
import { type DrillScene, drillConnection } from './drill.ts'

/** Longest that a drill loads a site, in seconds: load tests are what goes on for longer. */
const longestSeconds = 15

/** What a drill asks of pgbench; clients, time and limit come from `loadtests.pgbench`. */
export interface DrillLoad {
  work: 'mixed' | 'writes'
  /** As many as possible where it is left out. */
  ratePerSecond?: number | undefined
}

/** Loads the database of the drills through the pooler, and samples pools and lag meanwhile. Throws what stopped it. */
export async function loadThroughPooler(scene: DrillScene, { work, ratePerSecond }: DrillLoad): Promise<LoadRun> {
  const { site, record, signal } = scene
  const { clients, latencyMs, durationSeconds } = site.cluster.loadtests.pgbench
  const seconds = Math.min(durationSeconds, longestSeconds)
  const rate = ratePerSecond === undefined ? {} : { ratePerSecond }
  const load = { through: 'pooler', protocol: 'simple', clients, seconds, latencyMs, work, ...rate } as const
  const loadSite = await loadSiteOf(scene)
  record.event('loadStarted', `pgbench: ${clients} clients, ${seconds} s`)
  const run = await runLoad({ site: loadSite, load, env: site.env, signal })
  record.event('loadEnded')
  signal.throwIfAborted()
  if (run.reason !== undefined) record.finding(`The load did not run to its end: ${run.reason}`)
  for (const finding of run.findings) record.finding(finding)
  return run
}

async function loadSiteOf(scene: DrillScene): Promise<LoadSite> {
  const { site } = scene
  const primary = definedPrimary(site)
  return {
    direct: await drillConnection(scene, primary, 'direct'),
    pooler: await drillConnection(scene, primary, 'pooler'),
    monitor: { server: await monitorOf(site, 'server'), console: await monitorOf(site, 'pooler') },
    standbys: definedReplicas(site).length > 0,
  }
}

/** The monitor's connection to the primary's server, or to the console of its pooler. */
export async function monitorOf(site: Site, part: 'server' | 'pooler'): Promise<LoadSite['monitor']['server']> {
  const primary = definedPrimary(site)
  const found = (await site.monitors(part)).find(({ node }) => node === primary)
  if (found === undefined) throw new Error(`the site does not say how the monitor reaches the ${part} of ${primary}`)
  return found.settings
}
