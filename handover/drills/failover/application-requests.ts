import { Failure, toFailure } from '../../../functions/platform/failure.ts'
import { serverUrl } from '../../../functions/platform/postgres/server-files.ts'
import { isHttp, type Target } from '../../../loadtests/plan.ts'
import { requireK6 } from '../../../tools/k6/find.ts'
import { plannedFailover } from '../../loadtest/requests/planned-requests.ts'
import { targetProblem } from '../../loadtest/requests/targets.ts'
import { definedPrimary } from '../../sites/site.ts'
import type { DrillScene } from '../drill.ts'
import { RequestStream, type TargetAnswers } from './request-stream.ts'

/** From the start of k6, which makes all of its virtual users first. */
const firstAnswersWithinMs = 20_000
/** Twice what PgBouncer waits before it tries a server again (server_login_retry): what follows by itself is back by then. */
const backWithinMs = 30_000
/** As k6 judges answers of targets of which the definition says no more. */
const firstWrongStatus = 400
const what = "What a failover does to the application's requests"

/**
 * Sends the application's own requests, at `loadtests.goals.rate`, and resolves when they are answered. Where they cannot be had,
 * the record says why that was not tested, and the drill goes on without them.
 *
 * @param seconds how long they go on at the most.
 */
export async function startRequests(scene: DrillScene, seconds: number): Promise<RequestStream | undefined> {
  return await orUntested(scene, begin(scene, seconds))
}

async function begin(scene: DrillScene, seconds: number): Promise<RequestStream | undefined> {
  const { site, login, record, signal, restoreBy } = scene
  if (site.application === undefined) throw noApplication(site.on)
  const k6 = await requireK6(site.env)
  const { host, port } = await site.reach(definedPrimary(site), 'pooler')
  const application = await site.application(serverUrl({ host, port, ...login }), signal)
  restoreBy(() => application.stop())
  const targets = await reachable(scene, application.targets)
  if (targets.length === 0) return undefined
  const plan = plannedFailover({ loadtests: site.cluster.loadtests, targets }, seconds)
  const names = targets.map(({ name }) => name)
  const stream = new RequestStream(k6.path, plan, signal)
  restoreBy(() => stream.end())
  record.event('requestsStarted', `k6 ${k6.version}: ${plan.goals.ratePerSecond} /s, ${names.join(', ')}`)
  const silent = await stream.silentSince(0, firstAnswersWithinMs)
  if (silent.length === 0) return stream
  await stream.answers()
  throw noAnswer(silent)
}

/**
 * Ends the requests, once they are answered again, and measures how they fared.
 *
 * @param isLed whether the database takes writes again: only then does an application that does not answer fail the drill.
 */
export async function measureRequests(scene: DrillScene, stream: RequestStream, isLed: boolean): Promise<void> {
  const silent = isLed ? await orUntested(scene, stream.silentSince(Date.now(), backWithinMs)) : []
  if (silent === undefined) return
  const answers = await orUntested(scene, stream.answers())
  if (answers === undefined) return
  scene.record.event('requestsEnded')
  measure(scene, answers)
  for (const name of silent) scene.record.finding(neverBack(name))
}

function measure({ record }: DrillScene, answers: readonly TargetAnswers[]): void {
  const sum = (of: 'requests' | 'failed'): number => answers.reduce((total, one) => total + one[of], 0)
  const requests = sum('requests')
  record.measure('applicationRequests', { value: requests, unit: 'count', samples: requests })
  record.measure('applicationRequestsFailed', { value: sum('failed'), unit: 'count', samples: requests })
  record.measure('applicationGap', { value: Math.max(...answers.map(gapSeconds)), unit: 's', samples: requests })
  const rows = answers.map((one) => [one.target, one.requests, one.failed, gapSeconds(one).toFixed(2)])
  record.table('targetAnswers', ['target', 'requests', 'failed', 'gapSeconds'], rows)
}

function gapSeconds({ gap }: TargetAnswers): number {
  return (gap.toMs - gap.fromMs) / 1000
}

function neverBack(target: string): string {
  const within = `${backWithinMs / 1000} s after the new primary had taken writes`
  return `${target} gave no right answer within ${within}: lead the application to it by then, or let it find its way by itself.`
}

/** Those that answer as they should; of the others the record says why nothing is known. */
async function reachable({ record, signal }: DrillScene, targets: readonly Target[]): Promise<Target[]> {
  const reached: Target[] = []
  for (const target of targets.filter(isHttp)) {
    const problem = await targetProblem(target, signal, firstWrongStatus)
    if (problem === undefined) reached.push(target)
    else record.untested(`${what}: target ${target.name}: ${problem}.`)
  }
  return reached
}

function noApplication(on: string): Failure {
  return new Failure('the machines have no application that requests could go to', {
    ...{ kind: 'config', subject: on },
    hint: 'Rehearse on a sandbox, or on the machines of a definition with loadtests.targets.',
  })
}

function noAnswer(targets: readonly string[]): Failure {
  const within = `${firstAnswersWithinMs / 1000} s, before anything was broken`
  return new Failure(`k6 got no right answer from ${targets.join(', ')} within ${within}`, {
    ...{ kind: 'permanent', subject: 'k6' },
    hint: 'See with `ballast loadtest smoke` what it says to requests.',
  })
}

/**
 * What comes of the work; where it cannot be done, that stands in the record and judges nothing.
 *
 * @throws what came of a signal, and defects.
 */
async function orUntested<Result>({ record, signal }: DrillScene, work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work
  } catch (error) {
    const { kind, message, hint } = toFailure(error, 'k6')
    if (signal.aborted || kind === 'bug') throw error
    record.untested(`${what}: ${message}. ${hint}`)
    return undefined
  }
}
