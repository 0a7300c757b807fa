import type { Batch } from '../fan-out/batches.ts'
import { batchWriters, planPollMs, resultReaders } from '../fan-out/pace.ts'
import type { PlannedTask } from '../plan.ts'
import { type BatchTiming, type BytesOf, timeBatch } from './batch-timing.ts'
import { type Holding, holdSnapshot } from './holding.ts'
import type { ScaleRates } from './rates.ts'
import { absentByGet, absentByHead, addRequests, noRequests, type StoreRequests, stateChange } from './requests.ts'
import { requestsOfAnnouncing } from './unit-timing.ts'

/** What a run is simulated of: the plan as the run itself would make it. */
export interface SimulatedPlan {
  tasks: readonly PlannedTask[]
  batches: readonly Batch[]
  /** Of a task: on the source's disk, and in the store. */
  bytesOf: BytesOf
  storedOf: BytesOf
  tables: number
  workers: number
  /** `backup.fanOut.holder`. */
  holderSeconds: number
}

/** How a run goes, as far as rates say it. */
export interface SimulatedRun {
  /** From the beginning until the set exists. */
  seconds: number
  secondsByPhase: { plan: number; copy: number; finish: number }
  /** That the snapshot is held. */
  heldSeconds: number
  /** Of the workers, one after the other: all of their calls, and what in these was no work. */
  workerSeconds: { calls: number; waits: number; overhead: number }
  /** Until the first worker has nothing to do any more, from the beginning of the copying. */
  allBusySeconds: number
  /** Until the plan is stored and the snapshot is held. */
  plannedSeconds: number
  describeSeconds: number
  /** Of the work; a holder's own is as long as the definition says. */
  longestCall: { step: 'hold' | 'copy' | 'describe' | 'finish'; seconds: number }
  calls: { copy: number; hold: number; other: number }
  /** That functions are at work, together. */
  billedSeconds: number
  holders: number
  storedBytes: number
  mostParts: number
  requests: StoreRequests
  /** Of them those for the state of the run, of which many go by time. */
  stateRequests: StoreRequests
}

const pollSeconds = planPollMs / 1000
const keysOfPage = 1000
/** A proof of life that began after all was stored is the second one from then on: one and a half renewals on average. */
const renewalsOfProof = 1.5
const pollsOfRenewal = 2

/** Runs the plan from its beginning to its set: a discrete simulation, in which each batch goes to the worker that is free first. */
export function simulateRun(plan: SimulatedPlan, rates: ScaleRates): SimulatedRun {
  const { requestSeconds, startSeconds } = rates
  const planned = timePlanning(plan, rates)
  const copyBegins = planned + pollSeconds / 2 + 3 * requestSeconds
  const timings = plan.batches.map(({ first, end }) => timeBatch(plan.tasks.slice(first, end), plan, rates))
  const { copySeconds, allBusySeconds } = workThrough(timings, plan.workers)
  const describeSeconds = timeDescribing(plan, rates)
  const copied = Math.max(copySeconds, describeSeconds)
  const renewSeconds = holdSnapshot(0, 0, plan.holderSeconds, 0).renewSeconds
  const finish = timeFinishing(plan, rates, renewSeconds)
  const heldSeconds = copyBegins - planned + copied + finish.untilReleased
  const holding = holdSnapshot(planned, heldSeconds, plan.holderSeconds, startSeconds + requestSeconds)
  const workerSeconds = {
    calls: sum(timings, ({ seconds }) => seconds),
    waits: sum(timings, ({ waitSeconds }) => waitSeconds),
    overhead: sum(timings, ({ overheadSeconds }) => overheadSeconds),
  }
  return {
    seconds: copyBegins + copied + finish.seconds,
    secondsByPhase: { plan: copyBegins, copy: copied, finish: finish.seconds },
    ...{ heldSeconds, workerSeconds, allBusySeconds, plannedSeconds: planned, describeSeconds },
    longestCall: longestCall({ hold: planned, copy: longest(timings), describe: describeSeconds, finish: finish.seconds }),
    calls: { copy: timings.length, hold: holding.calls, other: 3 },
    billedSeconds: holding.billedSeconds + workerSeconds.calls + copyBegins + describeSeconds + finish.seconds,
    holders: holding.holders,
    storedBytes: sum(timings, ({ storedBytes }) => storedBytes),
    mostParts: timings.reduce((most, { mostParts }) => Math.max(most, mostParts), 0),
    ...countRequests(plan, timings, holding, planned),
  }
}

function longestCall(seconds: Record<SimulatedRun['longestCall']['step'], number>): SimulatedRun['longestCall'] {
  const steps = Object.keys(seconds) as SimulatedRun['longestCall']['step'][]
  const step = steps.reduce((most, one) => (seconds[one] > seconds[most] ? one : most))
  return { step, seconds: seconds[step] }
}

function longest(timings: readonly BatchTiming[]): number {
  return timings.reduce((most, { seconds }) => Math.max(most, seconds), 0)
}

/** From the first call of `hold` until the plan is stored and the snapshot is held. */
function timePlanning({ tables, batches }: SimulatedPlan, rates: ScaleRates): number {
  const { requestSeconds, startSeconds, connectSeconds, holdSeconds, holdTableSeconds } = rates
  const changes = 1 + 2 * 2
  const stored = Math.ceil(batches.length / batchWriters) + 1
  return startSeconds + connectSeconds + holdSeconds + tables * holdTableSeconds + (changes + stored) * requestSeconds
}

/** `schema.dump` and `globals.sql`, one after the other. */
function timeDescribing({ tables }: SimulatedPlan, rates: ScaleRates): number {
  const { requestSeconds, startSeconds, connectSeconds, describeSeconds, describeTableSeconds } = rates
  const reads = 3 + 2 * 4
  const writes = 2 * (requestsOfAnnouncing + 2)
  return startSeconds + connectSeconds + describeSeconds + tables * describeTableSeconds + (reads + writes) * requestSeconds
}

/** From the call of `finish` until the set exists, and until the snapshot is let go. */
function timeFinishing({ tasks }: SimulatedPlan, rates: ScaleRates, renewSeconds: number) {
  const { requestSeconds, startSeconds } = rates
  const looks = 6
  const results = Math.ceil(tasks.length / resultReaders) + 2 + pagesOfSet(tasks)
  const proof = (renewSeconds + 2 * requestSeconds) * (renewalsOfProof + 1 / pollsOfRenewal / 2)
  const untilReleased = startSeconds + Math.max((looks + results) * requestSeconds, proof) + 2 * requestSeconds
  const publishing = 3 + 2
  return { seconds: untilReleased + publishing * requestSeconds, untilReleased }
}

/** Each batch goes to the worker that is free first, as in a map with so many at a time. */
function workThrough(timings: readonly BatchTiming[], workers: number): { copySeconds: number; allBusySeconds: number } {
  const free = new Float64Array(workers)
  for (const { seconds } of timings) {
    let first = 0
    for (let worker = 1; worker < workers; worker += 1) if ((free[worker] ?? 0) < (free[first] ?? 0)) first = worker
    free[first] = (free[first] ?? 0) + seconds
  }
  return { copySeconds: free.reduce((most, at) => Math.max(most, at), 0), allBusySeconds: Math.min(...free) }
}

/** Every request from the beginning of the run to its set. */
function countRequests({ tasks, batches }: SimulatedPlan, timings: readonly BatchTiming[], holding: Holding, planned: number) {
  let own = timings.reduce((all, { requests }) => addRequests(all, requests), noRequests)
  let state = timings.reduce((all, { stateRequests }) => addRequests(all, stateRequests), holding.requests)
  // The plan: its batches and itself, then read by those who wait for it, describe and finish, and by each further holder.
  own = addRequests(own, { put: batches.length + 1, get: 3 + holding.planReads })
  // The list of batches, for which results are looked for; the state is asked for each second until then.
  own = addRequests(own, { list: 1, put: 1 })
  state = addRequests(state, { get: Math.ceil(planned / pollSeconds) })
  // Two files of stock tools.
  own = addRequests(addRequests(addRequests(own, absentByGet, 2), absentByHead, 2), { put: 3 }, 2)
  state = addRequests(state, { get: 2 + 2 })
  // The end: whether the slot is done, all results, what the store holds, and the set; the run's state is made, let go, and published.
  own = addRequests(addRequests(own, { list: 1 + pagesOfSet(tasks) }), absentByHead, 2)
  own = addRequests(own, { get: tasks.length + 2, put: 3 })
  // Then people and the history hear of it.
  own = addRequests(addRequests(own, absentByGet), { put: 1 })
  state = addRequests(addRequests(state, stateChange, 2), { put: 1, get: 1 + Math.ceil(renewalsOfProof * pollsOfRenewal) })
  return { requests: addRequests(own, state), stateRequests: state }
}

function pagesOfSet(tasks: readonly PlannedTask[]): number {
  return Math.ceil((tasks.length + 1) / keysOfPage)
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
