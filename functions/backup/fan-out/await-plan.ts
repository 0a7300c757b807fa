import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { runPrefix } from '../../archive/keys.ts'
import { Failure } from '../../platform/failure.ts'
import type { StoreSettings } from '../../platform/object-store/settings.ts'
import type { Batch } from './batches.ts'
import { planPollMs } from './pace.ts'
import { readPlan } from './plan-document.ts'
import { taskResults } from './products.ts'
import { resultNames } from './results.ts'
import { type HeldState, readHeld } from './run-store.ts'
import type { StepContext } from './step-context.ts'

/** Where the batches to copy are listed, as a JSON array of `{ "batch": 12 }`, and how many there are. */
export interface PlannedItems {
  items: { bucket: string; key: string }
  count: number
}

/** Of the call's own time, what is kept for the work after the waiting. */
const waitShare = 0.6

/** Waits until the run is planned, and lists the batches that have something left to do: all, or of a resumed run the others. */
export async function awaitPlan(context: StepContext): Promise<PlannedItems> {
  const { place, store } = context
  const { plan } = await untilHeld(context, Date.now())
  const { batchList } = await readPlan({ ...place, plan })
  const names = await resultNames(place, taskResults)
  const items = missingBatches(batchList, new Set(names.map((name) => Number(name.slice(taskResults.length)))))
  // A name of its own: another execution of a resumed run may still read the list that it was given.
  const key = `${runPrefix(place.address)}items/${randomUUID()}.json`
  await place.store.put(key, Buffer.from(JSON.stringify(items)), {
    ...{ ifAbsent: true, contentType: 'application/json', signal: place.signal },
  })
  return { items: inBucket(store, key), count: items.length }
}

/** The batches of which a task has no result; they are numbered from 1. */
export function missingBatches(batches: readonly Batch[], done: ReadonlySet<number>): { batch: number }[] {
  return batches.flatMap(({ first, end }, index) => {
    for (let task = first; task < end; task += 1) if (!done.has(task)) return [{ batch: index + 1 }]
    return []
  })
}

async function untilHeld(context: StepContext, startedMs: number): Promise<HeldState> {
  const untilMs = startedMs + (context.deadlineMs - startedMs) * waitShare
  for (;;) {
    try {
      return await readHeld(context.place)
    } catch (error) {
      const early = error instanceof Failure && error.code === 'NotHeldYet'
      if (!early || Date.now() >= untilMs) throw error
    }
    await sleep(planPollMs, undefined, { signal: context.place.signal }).catch(() => undefined)
  }
}

/** The list as the state machine finds it, which knows nothing of a store's prefix. */
function inBucket(store: StoreSettings, key: string): PlannedItems['items'] {
  if (store.type === 'file') return { bucket: store.directory, key }
  return { bucket: store.bucket, key: store.prefix === '' ? key : `${store.prefix}/${key}` }
}
