import { contentStore } from '../platform/encryption/content-store.ts'
import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import { serveWorkers, type ThreadContext } from '../platform/workers/serve-workers.ts'
import type { TaskResult } from './copy-unit.ts'
import { type CopyWork, inSnapshot, openCopyWorker } from './copy-worker.ts'
import type { PlannedTask } from './plan.ts'

/** Everything that a copy worker is made with, as plain data. */
export interface CopySetup extends Omit<CopyWork, 'contents' | 'announce' | 'enter' | keyof ThreadContext> {
  snapshot: string
  store: StoreSettings
}

serveWorkers<CopySetup, PlannedTask, TaskResult>((setup, context) => {
  const contents = contentStore(openStore(setup.store), setup.store.ageRecipients)
  return async () => await openCopyWorker({ ...setup, ...context, contents: await contents, enter: inSnapshot(setup.snapshot) })
})
