import type { LoadPoint } from '../records/load-record.ts'
import {
  type DatabaseLoad,
  type DatabaseLoads,
  type DatabaseRun,
  type DatabaseRunContext,
  openDatabaseLoads,
} from './database/database-load.ts'
import type { LoadSite } from './load-site.ts'
import { DatabaseSampler } from './samples/database-sampler.ts'
import { poolSampler } from './samples/pool-sampler.ts'
import { ProcessorSampler } from './samples/processor-sampler.ts'
import { ProgressSampler } from './samples/progress-sampler.ts'
import { type Sampler, startSampling } from './samples/sampling.ts'

/** A load of pgbench alone, for drills. */
export interface LoadOptions {
  site: LoadSite
  load: DatabaseLoad
  /** Of this process: where pgbench is looked for. */
  env: NodeJS.ProcessEnv
  /** Stops pgbench at once; what it did until then is told. */
  signal: AbortSignal
  onPoint?: (point: LoadPoint) => void
}

/** What a load did. It went well when it is `complete` and its result has nothing `failed`. */
export interface LoadRun extends DatabaseRun {
  /** One a second, from before the first transaction until after the last. */
  points: LoadPoint[]
  /** Series that could not be read, and what could not be put back; a sentence each. */
  findings: string[]
  tools: { pgbench: string }
}

/** What samples a cluster during a load, and how the samplers hear of it. */
export interface LoadSamplers {
  all: readonly Sampler[]
  processors: ProcessorSampler
  progress: ProgressSampler
}

/** The samplers of every load test; of this machine alone, without a site. */
export function samplersOf(site: LoadSite | undefined): LoadSamplers {
  const processors = new ProcessorSampler()
  const progress = new ProgressSampler()
  const own = site && [poolSampler(site.monitor.console), new DatabaseSampler(site.monitor.server, site.standbys)]
  return { all: [...(own ?? []), processors, progress], processors, progress }
}

/**
 * Runs pgbench once, with tables of its own, and samples the cluster meanwhile. What the load does to the cluster, and the
 * signal, are told in the result and not thrown.
 *
 * @throws Failure where pgbench or the database cannot be had; nothing is left then.
 */
export async function runLoad(options: LoadOptions): Promise<LoadRun> {
  const database = await openDatabaseLoads(options.site, options.env, options.signal)
  const [ended] = await Promise.allSettled([sampledRun(database, options)])
  const left = await database.close()
  if (ended.status === 'rejected') throw ended.reason
  return { ...ended.value, findings: [...ended.value.findings, ...left] }
}

async function sampledRun(database: DatabaseLoads, { site, load, signal, onPoint }: LoadOptions): Promise<LoadRun> {
  const samplers = samplersOf(site)
  const startedMs = performance.now()
  const sampling = startSampling(samplers.all, { sinceStartMs: () => performance.now() - startedMs }, onPoint)
  const [ended] = await Promise.allSettled([database.run(load, { signal, ...heardBy(samplers) })])
  const { points, unread } = await sampling.stop()
  if (ended.status === 'rejected') throw ended.reason
  return { ...ended.value, points, findings: unread, tools: { pgbench: database.version } }
}

/** What lets samplers know of a run of pgbench. */
export function heardBy({ processors, progress }: LoadSamplers): Pick<DatabaseRunContext, 'onStart' | 'onProgress'> {
  return { onStart: (pid) => processors.addGenerator(pid), onProgress: (latest) => progress.take(latest) }
}
