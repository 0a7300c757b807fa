import type { PriceTable } from './prices.ts'
import type { SimulatedRun } from './simulate-run.ts'

/** What a run costs, in US dollars; storage by the month, for as long as the set is kept. */
export interface RunCosts {
  requests: number
  functions: number
  stateMachine: number
  /** All of the above: once for each run. */
  run: number
  storageMonth: number
  gigabyteSeconds: number
  transitions: number
}

const gibibyte = 1024 ** 3
const gigabyte = 1e9
/** Of each call of `hold` the task, the choice and the wait; of each batch the start of its execution and the task. */
const transitionsOfHold = 3
const transitionsOfBatch = 2
/** The others of one run: its start, branches, plan, map, description, end. */
const transitionsOfRun = 8

/** @param memoryBytes of a function. */
export function costOf(run: SimulatedRun, memoryBytes: number, prices: PriceTable): RunCosts {
  const { put, part, create, complete, list, get, head } = run.requests
  const { copy, hold, other } = run.calls
  const writes = put + part + create + complete + list
  const gigabyteSeconds = run.billedSeconds * (memoryBytes / gibibyte)
  const transitions = hold * transitionsOfHold + copy * transitionsOfBatch + transitionsOfRun
  const requests = (writes * prices.s3.thousandWrites + (get + head) * prices.s3.thousandReads) / 1000
  const calls = copy + hold + other
  const functions = gigabyteSeconds * prices.lambda.gigabyteSecond + (calls * prices.lambda.millionCalls) / 1e6
  const stateMachine = (transitions * prices.stepFunctions.thousandTransitions) / 1000
  return {
    ...{ requests, functions, stateMachine, run: requests + functions + stateMachine },
    storageMonth: (run.storedBytes / gigabyte) * prices.s3.gigabyteMonth,
    ...{ gigabyteSeconds, transitions },
  }
}
