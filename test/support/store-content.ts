import { setTimeout as sleep } from 'node:timers/promises'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import { sweep } from '../../functions/retention/sweep.ts'
import { all } from './bytes.ts'

/** What a store holds: the keys of its objects, and those of its unfinished uploads. */
export interface StoreContent {
  objects: string[]
  pending: string[]
}

export async function storeContent(store: ObjectStore): Promise<StoreContent> {
  const pages = await all(store.list(''))
  const pending = await all(store.pendingUploads(''))
  return { objects: pages.flatMap(({ objects }) => objects.map(({ key }) => key)), pending: pending.map(({ key }) => key) }
}

/** What `ballast prune` does with what has no manifest, whatever its age. */
export async function sweepAll(store: ObjectStore): Promise<void> {
  // Only what is older than no time at all is swept, and a directory's clock is that of this machine.
  await sleep(5)
  await sweep(store, { filter: {}, olderThanSeconds: 0, dryRun: false })
}
