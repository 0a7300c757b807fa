import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import { serveWorkers, type ThreadContext } from '../platform/workers/serve-workers.ts'
import type { LoadTask } from './load-unit.ts'
import { type LoadWork, openLoadWorker } from './load-worker.ts'

/** Everything that a load worker is made with, as plain data. */
export interface LoadSetup extends Omit<LoadWork, 'store' | keyof ThreadContext> {
  store: StoreSettings
}

serveWorkers<LoadSetup, LoadTask, void>((setup, context) => {
  const work = { ...setup, ...context, store: openStore(setup.store) }
  return () => openLoadWorker(work)
})
