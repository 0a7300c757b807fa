import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { StoreRequests } from '../../functions/backup/scale/requests.ts'
import type { SlowStoreData } from './slow-store-thread.ts'

/** The sandbox's S3 server, as slow as one that is far away. */
export interface SlowStore {
  endpoint: string
  /** The requests since it was asked last. */
  takeRequests(): Promise<StoreRequests>
  stop(): Promise<void>
}

/**
 * Opens a slow way to an S3 server: so many bytes a second over each connection, and so long for each answer. It is a thread of its
 * own, so that nothing else of the benchmark holds it up.
 */
export async function openSlowStore(endpoint: string, pace: Omit<SlowStoreData, 'target'>): Promise<SlowStore> {
  const workerData: SlowStoreData = { target: Number(new URL(endpoint).port), ...pace }
  const thread = new Worker(new URL('./slow-store-thread.ts', import.meta.url), { workerData })
  const [port] = (await once(thread, 'message')) as [number]
  return {
    endpoint: `http://127.0.0.1:${port}`,
    takeRequests: async () => {
      const answer = once(thread, 'message')
      thread.postMessage('take')
      const [requests] = (await answer) as [StoreRequests]
      return requests
    },
    stop: async () => {
      await thread.terminate()
    },
  }
}
