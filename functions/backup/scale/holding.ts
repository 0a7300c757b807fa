import { longestWaitSeconds, planningWaitSeconds, renewMsOf } from '../fan-out/pace.ts'
import { holderTerm } from '../fan-out/relay.ts'
import { addRequests, noRequests, type StoreRequests, stateChange } from './requests.ts'

/** A function's time. */
export const functionSeconds = 900

/** What it takes to hold the snapshot. */
export interface Holding {
  /** Sessions that hold it, one after another. */
  holders: number
  renewSeconds: number
  /** Calls of the step `hold`: those that hold, and those that only learn when to come back. */
  calls: number
  /** In which functions are at work on it. */
  billedSeconds: number
  /** All for the state of the run. */
  requests: StoreRequests
  /** Of the plan, which a successor reads for its locks. */
  planReads: number
}

/** Two calls take turns from the beginning of the run to its end. */
export function holdSnapshot(
  planningSeconds: number,
  heldSeconds: number,
  holderSeconds: number,
  callSeconds: number,
): Holding {
  const renewSeconds = renewMsOf(holderSeconds) / 1000
  const term = holderTerm(0, functionSeconds * 1000, holderSeconds).handoverMs / 1000
  const holders = 1 + Math.floor(heldSeconds / term)
  const lastTerm = heldSeconds - (holders - 1) * term
  const whilePlanning = Math.ceil(planningSeconds / planningWaitSeconds)
  const away = whilePlanning + (holders - 1) * Math.ceil(term / longestWaitSeconds) + Math.ceil(lastTerm / longestWaitSeconds)
  const renewals = Math.ceil(heldSeconds / renewSeconds)
  let requests = addRequests(noRequests, { get: 1 }, away + holders)
  // The first claims the planning and begins to hold; each further one reads the state twice and takes over.
  requests = addRequests(requests, stateChange, 2 + (holders - 1))
  requests = addRequests(requests, { get: 2 }, holders - 1)
  requests = addRequests(requests, stateChange, renewals)
  // Each reads the state when it begins to hold, finds that it need not any more, and looks what is next.
  requests = addRequests(requests, { get: 3 }, holders)
  const billedSeconds = planningSeconds + heldSeconds + holders * (renewSeconds + callSeconds) + away * callSeconds
  return { holders, renewSeconds, calls: holders + away, billedSeconds, requests, planReads: holders - 1 }
}
