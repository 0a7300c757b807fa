import type { DrillRecord } from '../records/drill-record.ts'
import { keepRecord } from '../records/kept-records.ts'
import type { RunOrigin } from '../records/run-start.ts'
import { type Verdict, verdictOf } from '../records/verdict.ts'
import type { Site } from '../sites/site.ts'
import type { Drill } from './drill.ts'
import { dropDrillLogin, makeDrillLogin } from './drill-login.ts'
import type { PlannedDrill } from './plan.ts'
import { type DrillRunning, runDrill } from './run-drill.ts'

/** One drill of a rehearsal, when it is over. */
export interface RehearsedDrill {
  record: DrillRecord
  verdict: Verdict
  /** The definition leaves it out: it does not count. */
  leftOut: boolean
  /** File of the record. */
  path: string
}

/** A rehearsal on one site. */
export interface RehearsalRun {
  site: Site
  planned: readonly PlannedDrill[]
  origin: RunOrigin
  /** Where the records are kept. */
  results: string
  signal: AbortSignal
  onDrill(drill: Drill): void
  onEnd(rehearsed: RehearsedDrill): void
}

const dropWithinMs = 60_000

/**
 * Runs the drills one after another, and keeps the record of each as soon as it is made: also of those that are left out, that
 * a site cannot do, and that come after an interruption.
 *
 * @throws Failure when the role of the drills cannot be made, before any of them, or cannot be removed.
 */
export async function rehearse(run: RehearsalRun): Promise<RehearsedDrill[]> {
  const { site, planned, signal } = run
  const login = await makeDrillLogin(site, signal)
  const rehearsed: RehearsedDrill[] = []
  try {
    for (const one of planned) {
      run.onDrill(one.drill)
      const done = await rehearseOne(one, run, login)
      rehearsed.push(done)
      run.onEnd(done)
    }
  } finally {
    await dropDrillLogin(site, login, AbortSignal.timeout(dropWithinMs))
  }
  return rehearsed
}

async function rehearseOne(
  { drill, leftOut }: PlannedDrill,
  { site, origin, results, signal }: RehearsalRun,
  login: DrillRunning['login'],
): Promise<RehearsedDrill> {
  let path = ''
  const keep = async (record: DrillRecord): Promise<string> => {
    path = await keepRecord(results, record)
    return path
  }
  if (leftOut === undefined) {
    const record = await runDrill(drill, { site, login, origin, signal, keep })
    return { record, verdict: verdictOf(record), leftOut: false, path }
  }
  const record = skipped(drill, origin, leftOut)
  await keep(record)
  return { record, verdict: verdictOf(record), leftOut: true, path }
}

function skipped({ name }: Drill, origin: RunOrigin, reason: string): DrillRecord {
  const now = new Date().toISOString()
  const nothing = { measurements: [], findings: [], events: [], tables: [] }
  return {
    ...{ kind: 'drill', name, ...origin, startedAt: now, endedAt: now, ...nothing },
    ...{ state: 'skipped', reason, restored: true },
  }
}
