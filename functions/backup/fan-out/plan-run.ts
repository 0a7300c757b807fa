import { fanOutWorkers } from '../../../config/fan-out.ts'
import { mapConcurrently } from '../../archive/concurrent-map.ts'
import { definedTuning } from '../backup-tuning.ts'
import { workerTables } from '../plan.ts'
import type { HeldSource } from '../source.ts'
import type { SourceTable } from '../source-tables.ts'
import { type Copying, planWork } from './batches.ts'
import { batchWriters } from './pace.ts'
import { type BatchDocument, type PlanPlace, type RunPlan, writeBatch, writePlan } from './plan-document.ts'
import type { StepContext } from './step-context.ts'

/** Plans a run from its source, and stores the plan. */
export async function planRun(
  { cluster, store, deadlineMs }: StepContext,
  place: PlanPlace,
  source: HeldSource,
): Promise<void> {
  const { compressionLevel, lockWaitSeconds, rolePasswords } = definedTuning(cluster)
  const settings = { compressionLevel, lockWaitSeconds, rolePasswords, ageRecipients: [...(store.ageRecipients ?? [])] }
  // Those that copy have as long as this call had, and no less than it has left.
  const copying = { workers: fanOutWorkers(cluster.backup), callSeconds: (deadlineMs - Date.now()) / 1000 }
  await storePlan(place, runPlan(source, settings, copying))
}

/** Stores the batches first, so that whoever finds the plan finds all of it. */
export async function storePlan(place: PlanPlace, plan: RunPlan): Promise<void> {
  await mapConcurrently(batchDocuments(plan), batchWriters, ({ batch, document }) => writeBatch(place, batch, document))
  await writePlan(place, plan)
}

/** What is to be done for a source, by those that copy it. */
export function runPlan(
  { session, identity, database, omitted, tables, sequences }: PlannedSource,
  settings: RunPlan['settings'],
  copying: Copying,
): RunPlan {
  const { tasks, batches } = planWork(tables, identity.blockBytes, copying)
  return {
    ...{ format: 1, identity, versionNum: session.versionNum, database, omitted, settings },
    ...{ tables: tables.length, sequences: sequences.length, tasks: tasks.length, batches: batches.length },
    ...{ tableList: tables, sequenceList: sequences, taskList: tasks, batchList: batches },
  }
}

/** The batches as they are stored, numbered from 1; made one after another, because all of them together are large. */
export function* batchDocuments({
  tableList,
  taskList,
  batchList,
}: PlanLists): Generator<{ batch: number; document: BatchDocument }> {
  for (const [index, { first, end }] of batchList.entries()) {
    const own = taskList.slice(first, end)
    const used = new Set(own.flatMap(({ chunks }) => chunks.map(({ table }) => table)))
    yield {
      batch: index + 1,
      document: { first, tasks: own, targets: [...used].map((table) => [table, targetOf(tableList, table)]) },
    }
  }
}

/** The one after the last table are the large objects. */
function targetOf(tables: readonly SourceTable[], index: number): BatchDocument['targets'][number][1] {
  const table = tables[index]
  const [target] = workerTables(table === undefined ? [] : [table])
  if (target === undefined) throw new RangeError(`the plan names table ${index} of ${tables.length}`)
  return { ...target, columns: [...target.columns] }
}

type PlanLists = Pick<RunPlan, 'tableList' | 'taskList' | 'batchList'>

type PlannedSource = Omit<HeldSource, 'session' | 'snapshot'> & { session: { versionNum: number } }
