import type { Cluster } from '../../config/cluster.ts'
import type { LoadProfile } from '../../config/load-profiles.ts'
import type { Target } from '../../loadtests/plan.ts'
import type { LoadPoint } from '../records/load-record.ts'
import type { RunEvent } from '../records/run-facts.ts'
import type { RunOrigin } from '../records/run-start.ts'
import type { JudgedGoals } from './goals.ts'
import type { LoadSite } from './load-site.ts'

/** A load test that is to be run. */
export interface LoadTest {
  origin: RunOrigin
  definition: Cluster
  profile: LoadProfile
  goals: JudgedGoals
  /** Of the plateau, in place of the definition's. */
  durationSeconds?: number | undefined
  targets: readonly Target[]
  /** Without it, there is neither pgbench nor a sample of PgBouncer and PostgreSQL. */
  site: LoadSite | undefined
  /** A service that may be taken down for a while, to see that the others stay up. */
  neighbour?: { target: string; stop(): Promise<void>; start(): Promise<void> }
  /** Of this process: where programs are looked for. */
  env: NodeJS.ProcessEnv
  /** Stops all load at once; what was measured until then is kept. */
  signal: AbortSignal
  onEvent(event: RunEvent): void
  onPoint(point: LoadPoint): void
}
