import type { TableChunk } from '../archive/cut-tables.ts'
import { serveWorkers, type ThreadContext } from '../platform/workers/serve-workers.ts'
import { openReadWorker, type ReadResult, type ReadWork } from './read-worker.ts'

/** Everything that a read worker is made with, as plain data. */
export type ReadSetup = Omit<ReadWork, keyof ThreadContext>

serveWorkers<ReadSetup, readonly TableChunk[], ReadResult>((setup, context) => {
  return () => openReadWorker({ ...setup, ...context })
})
