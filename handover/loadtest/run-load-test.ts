import { Failure, toFailure } from '../../functions/platform/failure.ts'
import type { LoadPlan } from '../../loadtests/plan.ts'
import type { LoadPoint, LoadRecord } from '../records/load-record.ts'
import { LoadCourse } from './course.ts'
import type { DatabaseLoad } from './database/database-load.ts'
import { loadRecordOf } from './load-record-of.ts'
import type { LoadTest } from './load-test.ts'
import { type PreparedLoadTest, prepareLoadTest } from './prepare-load-test.ts'
import { loadByRequests } from './requests/request-load.ts'
import { heardBy, type LoadSamplers, samplersOf } from './run-load.ts'
import { startSampling } from './samples/sampling.ts'
import { brokenGoals } from './verdict/request-measurements.ts'

/** Longest time that a timer takes. */
const longestMs = 2 ** 31 - 1

interface Running extends LoadTest {
  prepared: PreparedLoadTest
  course: LoadCourse
  samplers: LoadSamplers
}

/**
 * Runs a load test: requests by k6, then a service's neighbours while it is down, then pgbench, one after another so that none
 * measures the other; samples the cluster meanwhile. Whatever happens once load has begun is told in the record.
 *
 * @throws Failure where it cannot begin; nothing is left then.
 */
export async function runLoadTest(test: LoadTest): Promise<LoadRecord> {
  const prepared = await prepareLoadTest(test)
  const limit = timeLimit(test.definition.loadtests.limits.durationSeconds)
  const course = new LoadCourse(test.onEvent)
  const samplers = samplersOf(test.site)
  const running = { ...test, signal: AbortSignal.any([test.signal, limit.signal]), prepared, course, samplers }
  const sampling = startSampling(samplers.all, course, test.onPoint)
  let samples: LoadPoint[] = []
  try {
    await runPhases(running)
  } catch (error) {
    const { message, hint } = toFailure(error, test.profile)
    course.end('failed', `${message}. ${hint}`)
  } finally {
    limit.clear()
    const { points, unread } = await sampling.stop()
    samples = points
    course.findings.push(...unread, ...((await prepared.database?.loads.close()) ?? []))
  }
  return loadRecordOf(test, prepared, course, samples)
}

/** Fires after so long. */
function timeLimit(seconds: number): { signal: AbortSignal; clear(): void } {
  const over = new AbortController()
  const reason = new Failure(`loadtests.limits.duration, ${seconds} s, is over`, {
    ...{ kind: 'transient', subject: 'the load test', code: 'TIMEOUT' },
    hint: 'Look for what took longer than planned, or raise the limit.',
  })
  const timer = setTimeout(() => over.abort(reason), Math.min(longestMs, seconds * 1000))
  return { signal: over.signal, clear: () => clearTimeout(timer) }
}

async function runPhases(running: Running): Promise<void> {
  const { prepared, course } = running
  await makeRequests(prepared.requests, running)
  if (prepared.isolation !== undefined) await isolate(prepared.isolation, running)
  const { pooler, plans = [] } = prepared.database ?? {}
  if (pooler?.keepsPrepared === false && !stopped(running)) course.event('preparedNotPossible', pooler.version)
  for (const load of plans) await benchmark(load, running)
}

async function makeRequests(plan: LoadPlan, running: Running): Promise<void> {
  const { course, prepared, samplers, signal } = running
  if (stopped(running)) return
  course.event('requestsStarted', plan.scenarios.join(', '))
  const context = { signal, onStart: (pid: number) => samplers.processors.addGenerator(pid) }
  const end = await course.rated(() => loadByRequests(prepared.k6.path, plan, context))
  course.requestPoints.push(...end.points)
  if (end.run !== undefined) course.requestRuns.push(end.run)
  const broken = end.run === undefined ? [] : brokenGoals(end.run)
  if (broken.length > 0) course.event('breakpointReached', broken.join(', '))
  if (end.stopped !== undefined) course.end('interrupted', end.stopped)
  course.event('requestsEnded')
}

async function isolate(plan: LoadPlan, running: Running): Promise<void> {
  const { course, neighbour } = running
  if (neighbour === undefined || stopped(running)) return
  await neighbour.stop()
  course.event('serviceStopped', neighbour.target)
  try {
    await makeRequests(plan, running)
  } finally {
    if (!stopped(running)) await neighbour.start()
    course.event('serviceStarted', neighbour.target)
  }
}

async function benchmark(load: DatabaseLoad, running: Running): Promise<void> {
  const { course, prepared, samplers, signal } = running
  if (stopped(running)) return
  const what = `${load.through}, ${load.protocol}, ${load.clients}`
  course.event('pgbenchStarted', what)
  const work = () => prepared.database?.loads.run(load, { signal, ...heardBy(samplers) })
  const run = await (load.ratePerSecond === undefined ? work() : course.rated(async () => await work()))
  course.event('pgbenchEnded', what)
  if (run?.result !== undefined) course.pgbench.push(run.result)
  if (run?.state === 'interrupted') course.end('interrupted', run.reason ?? '')
  if (run?.state === 'failed') course.findings.push(`pgbench (${what} clients): ${run.reason}`)
}

/** Whether it goes on no further. */
function stopped({ course, signal }: Running): boolean {
  if (signal.aborted) course.end('interrupted', toFailure(signal.reason, 'the load test').message)
  return course.state !== 'complete'
}
