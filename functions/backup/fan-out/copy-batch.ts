import type { ReadTarget } from '../../archive/read-table.ts'
import { contentStore } from '../../platform/encryption/content-store.ts'
import { runOnWorker } from '../../platform/workers/run-on-workers.ts'
import type { Worker } from '../../platform/workers/worker.ts'
import type { TaskResult } from '../copy-unit.ts'
import { openCopyWorker } from '../copy-worker.ts'
import type { PlannedTask } from '../plan.ts'
import { explainStep } from './explain-step.ts'
import { type BatchDocument, type PlanHead, readBatch, readPlanHead } from './plan-document.ts'
import { taskProduct } from './products.ts'
import { adopt, announce, findMade, type Product, settle } from './results.ts'
import { type HeldState, readHeld } from './run-store.ts'
import { enterSnapshot, withSnapshot } from './snapshot-session.ts'
import { type StepContext, snapshotConnection } from './step-context.ts'

/** What one call of the step `copy` did. */
export interface CopiedBatch {
  batch: number
  /** Tasks done by this call, and those that were done before. */
  copied: number
  skipped: number
  /** COPY text that was read. */
  rawBytes: number
}

interface OpenTask {
  task: PlannedTask
  product: Product<TaskResult>
}

/**
 * Copies one batch of the plan, over one connection in the run's snapshot. Called again, also while another call is at work, it
 * does what is not done: each task has one result, and each unit one object.
 */
export async function copyBatch(context: StepContext, batch: number): Promise<CopiedBatch> {
  const { place } = context
  const held = await readHeld(place)
  const planPlace = { ...place, plan: held.plan }
  const [head, document] = await Promise.all([readPlanHead(planPlace), readBatch(planPlace, batch)])
  const open = await openTasks(context, head, document)
  const copied: CopiedBatch = { batch, copied: open.size, skipped: document.tasks.length - open.size, rawBytes: 0 }
  if (open.size === 0) return copied
  const work = openWorker(context, held, head, document, open)
  const tasks = [...open].map(([number, { task }]): [number, PlannedTask] => [number, task])
  try {
    await runOnWorker(await work, tasks, { signal: place.signal, subject: place.address.database }, async (number, result) => {
      const { product } = required(open.get(number))
      if (product.key === undefined) await readHeld(place)
      await settle(place, product, result)
      copied.rawBytes += result.chunks.reduce((sum, { bytes }) => sum + bytes, 0)
    })
  } catch (error) {
    throw explainStep(head, error)
  }
  return copied
}

/** The tasks of a batch that have no result yet, by number. What an attempt stored before it was ended is taken over. */
async function openTasks(
  { place }: StepContext,
  { settings }: PlanHead,
  { first, tasks }: BatchDocument,
): Promise<Map<number, OpenTask>> {
  const all = tasks.map((planned, index) => {
    const [number, task] = [first + index, planned as PlannedTask]
    return { number, task, product: taskProduct({ address: place.address, settings }, number, task) }
  })
  const products = all.map(({ product }) => product)
  const made = await findMade(place, products)
  const open = new Map<number, OpenTask>()
  for (const { number, task, product } of all) {
    if (made.results.has(product)) continue
    if (made.objects.has(product) && (await adopt(place, product)) !== undefined) continue
    open.set(number, { task, product })
  }
  return open
}

async function openWorker(
  context: StepContext,
  held: HeldState,
  { settings, database }: PlanHead,
  { targets }: BatchDocument,
  todo: ReadonlyMap<number, OpenTask>,
): Promise<Worker<PlannedTask, TaskResult>> {
  const { place, store, note } = context
  const contents = await contentStore(place.store, settings.ageRecipients)
  // By the index that chunks use, with holes for the tables of other batches.
  const tables: ReadTarget[] = []
  for (const [index, target] of targets) tables[index] = target as ReadTarget
  const products = new Map([...todo.values()].map(({ task, product }) => [task, product]))
  note(`copying ${todo.size} tasks into ${store.type === 's3' ? store.bucket : store.directory}`)
  const open = async (state: HeldState) =>
    openCopyWorker({
      ...{ connection: await snapshotConnection(context, state.server), databaseEncoding: database.encoding, tables, contents },
      ...{ address: place.address, compressionLevel: settings.compressionLevel, signal: place.signal },
      enter: (session) => enterSnapshot(session, state),
      announce: (task, result) => announce(place, required(products.get(task)), result),
      progress: () => undefined,
    })
  return await withSnapshot(place, open, held)
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('a task of the batch is not in the batch')
  return value
}
