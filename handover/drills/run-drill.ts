import { type Failure, toFailure } from '../../functions/platform/failure.ts'
import type { DrillRecord } from '../records/drill-record.ts'
import type { RunOrigin } from '../records/run-start.ts'
import type { Site } from '../sites/site.ts'
import { siteProblems, untilWell } from '../sites/site-problems.ts'
import type { Drill, DrillLogin } from './drill.ts'
import { Recorder } from './recorder.ts'
import { bounded, Restores } from './restores.ts'

/** What every drill of a rehearsal is run with. */
export interface DrillRunning {
  site: Site
  login: DrillLogin
  origin: RunOrigin
  signal: AbortSignal
  /** Keeps a record; a later one of the same drill takes its place. */
  keep(record: DrillRecord): Promise<string>
}

type End = Pick<DrillRecord, 'state' | 'reason'>

/**
 * Longest that one thing that puts back a change may take, and then the site to be well. Giving nodes their roles again rewinds
 * and copies their files: seconds on a sandbox, minutes on machines, and nothing is better for being left half-way.
 */
const restoreWithinSeconds = 3_600
const wellWithinMs = 60_000

/**
 * Runs one drill and puts the site back as it was, whatever ends it; its record is kept before it begins, as one that was
 * interrupted, and again when it has ended: what is killed in the middle leaves no gap.
 */
export async function runDrill(drill: Drill, running: DrillRunning): Promise<DrillRecord> {
  const { site, signal } = running
  const startedAt = new Date().toISOString()
  const recorder = new Recorder()
  const record = (end: End, restored: boolean): DrillRecord => {
    const times = { startedAt, endedAt: new Date().toISOString() }
    return { kind: 'drill', name: drill.name, ...running.origin, ...times, ...end, ...recorder.evidence, restored }
  }
  const before = await beforeIt(drill, site, signal)
  if (before !== undefined) return await kept(running, record(before, true))
  await running.keep(record(cutShort, drill.changes === 'nothing'))

  const restores = new Restores()
  const end = await endOf(
    bounded(
      (bound) => {
        const restoreBy = restores.add.bind(restores)
        return drill.run({ site, login: running.login, record: recorder, signal: bound, restoreBy })
      },
      drill.withinSeconds,
      signal,
    ),
    signal,
  )
  if (!restores.isEmpty) recorder.event('restoreBegun')
  const problems = await restores.run(restoreWithinSeconds)
  const left = await untilWell(site, wellWithinMs, AbortSignal.timeout(wellWithinMs))
  if (!restores.isEmpty) recorder.event('restoreEnded')
  for (const problem of [...problems, ...left]) recorder.finding(`Not put back: ${problem}`)
  return await kept(running, record(end, problems.length + left.length === 0))
}

/** What stands in the record until the drill has ended. */
const cutShort: End = {
  state: 'interrupted',
  reason: 'The rehearsal ended without a word: look at the site, put back what is not well, and run the drill again.',
}

async function kept(running: DrillRunning, record: DrillRecord): Promise<DrillRecord> {
  await running.keep(record)
  return record
}

/** Why a drill is not begun; undefined when it can be. */
async function beforeIt(drill: Drill, site: Site, signal: AbortSignal): Promise<End | undefined> {
  const stopped: End = { state: 'skipped', reason: 'The rehearsal was stopped before it. Run it again.' }
  if (signal.aborted) return stopped
  const obstacle = drill.obstacle(site)
  if (obstacle !== undefined) return { state: 'skipped', reason: `${obstacle.reason}. ${obstacle.next}` }
  const problems = await siteProblems(site, signal)
  if (signal.aborted) return stopped
  if (problems.length === 0) return undefined
  const next = 'Put that right, then run the drill again: what it would measure would not be about the drill.'
  return { state: 'failed', reason: `It was not begun, for the site is not well: ${problems.join('; ')}. ${next}` }
}

async function endOf(work: Promise<void>, signal: AbortSignal): Promise<End> {
  try {
    await work
    return { state: 'complete' }
  } catch (error) {
    const failure = toFailure(error, 'drill')
    const { code } = failure
    return { state: signal.aborted || code === 'TooLong' ? 'interrupted' : 'failed', reason: reasonOf(failure) }
  }
}

function reasonOf({ message, subject, hint }: Failure): string {
  return `${subject}: ${message}. ${hint}`
}
