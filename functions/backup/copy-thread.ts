import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import { serveWorkers, type ThreadContext } from '../platform/workers/serve-workers.ts'
import type { TaskResult } from './copy-unit.ts'
import { type CopyWork, openCopyWorker } from './copy-worker.ts'
import type { PlannedTask } from './plan.ts'

/** Everything that a copy worker is made with, as plain data. */
export interface CopySetup extends Omit<CopyWork, 'store' | keyof ThreadContext> {
  store: StoreSettings
}

serveWorkers<CopySetup, PlannedTask, TaskResult>((setup, context) => {
  const work = { ...setup, ...context, store: openStore(setup.store) }
  return () => openCopyWorker(work)
})
