import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { hold } from './flows/hold-sockets.ts'
import { probe } from './flows/probe-neighbour.ts'
import { sendNextRequest } from './flows/send-requests.ts'
import { optionsOf } from './options.ts'
import type { LoadPlan } from './plan.ts'
import { partsOf } from './profiles.ts'
import type { Part } from './scenarios/part.ts'
import { type K6Data, summarize } from './summarize.ts'
import { tagOf } from './thresholds.ts'
import { socketsPerUser } from './virtual-users.ts'

// Run by k6 with two files in its environment: PLAN_FILE, a LoadPlan, and SUMMARY_FILE, which becomes a LoadSummary.
const plan: LoadPlan = JSON.parse(open(__ENV.PLAN_FILE ?? ''))
const parts = new Map(partsOf(plan).map((part) => [tagOf(part), part]))

export const options: Options = {
  ...optionsOf(plan),
  // A redirect may lead to an address that nobody named.
  maxRedirects: 0,
  summaryTrendStats: ['p(50)', 'p(95)', 'p(99)', 'max', 'count'],
  // Also the columns of the samples that are read while it runs.
  systemTags: ['scenario', 'status', 'expected_response'],
  userAgent: 'ballast-loadtest',
}

export function sendRequests(): void {
  sendNextRequest(currentPart().target, exec.scenario.iterationInTest)
}

export function probeNeighbour(): void {
  probe(currentPart().target)
}

export function holdSockets(): void {
  const { load, target } = currentPart()
  if (load.kind !== 'sockets') throw new Error(`${exec.scenario.name} has no websockets`)
  const before = exec.scenario.iterationInTest * socketsPerUser
  hold(target.url, Math.min(socketsPerUser, load.sockets - before), load.seconds)
}

export function handleSummary(data: K6Data): Record<string, string> {
  return { [__ENV.SUMMARY_FILE ?? '']: JSON.stringify(summarize(data, plan)) }
}

function currentPart(): Part {
  const part = parts.get(exec.scenario.name)
  if (part === undefined) throw new Error(`the plan has no scenario ${exec.scenario.name}`)
  return part
}
