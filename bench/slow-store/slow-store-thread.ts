import { parentPort, workerData } from 'node:worker_threads'
import { addRequests, noRequests } from '../../functions/backup/scale/requests.ts'
import { requestKind } from './request-kind.ts'
import { openSlowLink } from './slow-link.ts'

/** What the thread is started with. */
export interface SlowStoreData {
  target: number
  bytesPerSecond: number
  latencyMs: number
}

const { target, bytesPerSecond, latencyMs } = workerData as SlowStoreData
let requests = noRequests
const link = await openSlowLink({
  ...{ target, bytesPerSecond, latencyMs },
  onRequest: (head) => {
    const kind = requestKind(head)
    if (kind !== undefined) requests = addRequests(requests, { [kind]: 1 })
  },
})
// Asked for its counts, it begins to count anew.
parentPort?.on('message', () => {
  parentPort?.postMessage(requests)
  requests = noRequests
})
parentPort?.postMessage(link.port)
