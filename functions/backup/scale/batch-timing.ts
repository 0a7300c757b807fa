import type { PlannedTask } from '../plan.ts'
import type { ScaleRates } from './rates.ts'
import { addRequests, noRequests, type StoreRequests } from './requests.ts'
import { requestsOfObject, timeUnit } from './unit-timing.ts'

/** One call of the step `copy`. */
export interface BatchTiming {
  seconds: number
  /** Of it: waited for the store, and neither read nor waited for it with a unit in hand. */
  waitSeconds: number
  overheadSeconds: number
  storedBytes: number
  requests: StoreRequests
  /** Of its requests those for the state of the run. */
  stateRequests: StoreRequests
  /** Parts of its largest object. */
  mostParts: number
}

/** Bytes of a task. */
export type BytesOf = (task: PlannedTask) => number

/** The state says where the plan is, and the snapshot; then two reads of the plan that go side by side. */
const readsOfState = 1
const waitsForPlan = 1
/** What is there already is listed: results, and beside them objects. */
const waitsForListings = 1

/** A batch of which nothing is done yet, from the call to its end. */
export function timeBatch(
  tasks: readonly PlannedTask[],
  { bytesOf, storedOf }: { bytesOf: BytesOf; storedOf: BytesOf },
  rates: ScaleRates,
): BatchTiming {
  const { startSeconds, requestSeconds, connectSeconds, copyBytesPerSecond, tableSeconds } = rates
  const begins = startSeconds + connectSeconds + (readsOfState + waitsForPlan + waitsForListings) * requestSeconds
  let requests = addRequests(noRequests, { get: 2, list: tasks.some(({ type }) => type === 'unit') ? 2 : 1 })
  let stateRequests = addRequests(noRequests, { get: readsOfState })
  let [now, storing, waitSeconds, readSeconds, stored, mostParts] = [begins, begins, 0, 0, 0, 0]
  for (const task of tasks) {
    const bytes = bytesOf(task)
    const source = bytes / copyBytesPerSecond + task.chunks.length * tableSeconds
    requests = addRequests(requests, { put: 1 })
    stateRequests = addRequests(stateRequests, { get: 1 })
    if (task.type === 'digest') {
      now += source
      readSeconds += source
      continue
    }
    const storedBytes = storedOf(task)
    const unit = timeUnit(source, storedBytes, rates)
    requests = addRequests(addRequests(requests, { put: 1 }), requestsOfObject(unit.parts))
    // The next unit is read while this one is completed, and completed when this one is.
    const read = now + unit.readSeconds
    now = Math.max(read, storing)
    storing = Math.max(now, read + unit.tailSeconds) + unit.completeSeconds
    waitSeconds += unit.waitSeconds + (now - read)
    readSeconds += source
    stored += storedBytes
    mostParts = Math.max(mostParts, unit.parts)
  }
  const seconds = Math.max(now, storing) + requestSeconds
  waitSeconds += Math.max(0, storing - now)
  return {
    seconds,
    waitSeconds,
    overheadSeconds: seconds - readSeconds - waitSeconds,
    storedBytes: stored,
    requests,
    stateRequests,
    mostParts,
  }
}
