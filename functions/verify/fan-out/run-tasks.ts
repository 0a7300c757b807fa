import type { Cuttable, TableChunk } from '../../archive/cut-tables.ts'
import type { SampledDigests } from '../../archive/evidence.ts'
import { schemaFile, unitFile } from '../../archive/keys.ts'
import type { ReadTarget } from '../../archive/read-table.ts'
import type { PlannedTask, RestoreTask } from '../../restore/fan-out/restore-tasks.ts'
import type { StockOptions } from '../../restore/stock-restore.ts'
import type { FoundElsewhere } from '../findings.ts'
import type { ReadContent } from '../judge-rows.ts'
import type { Compared } from '../report.ts'
import type { RowPlan } from '../row-plan.ts'

/** One thing to do of the comparison of a restored set. */
export type CompareTask =
  /** Looks at what was restored, and adds the tasks that read and walk it. */
  | { type: 'plan comparison' }
  /** Reads chunks back; the targets are those that the chunks name, each with the index that they use. */
  | { type: 'read rows'; chunks: readonly TableChunk[]; targets: [index: number, target: ReadTarget][] }
  /** Counts the rows of tables, which are named by their places in the manifest. */
  | { type: 'count rows'; places: number[] }
  /** Walks tables and B-tree indexes with pg_amcheck, which its options name. */
  | { type: 'walk indexes'; indexes: number; options: string[] }
  /** Compares the schema, sequences, roles and properties. */
  | { type: 'compare definitions' }

export type RunTask = RestoreTask | CompareTask

/** What a task keeps in the ledger; each kind fills its own part. */
export interface TaskResult extends Partial<FoundElsewhere> {
  plan?: RowPlan
  /** Where not all tables are compared by digest: which are, by their places in the manifest, and what evidence says of it. */
  sample?: { chosen: number[]; digests: SampledDigests }
  contents?: ReadContent[]
  counts?: [place: number, rows: number][]
  compared?: Partial<Compared>
  notes?: string[]
  notChecked?: string[]
}

/** How entries of the archive are restored: with their owners and grants, and without tablespaces, which are another machine's. */
export const taskOptions: StockOptions = { noOwner: false, noPrivileges: false, noTablespaces: true }

const comparisons: ReadonlySet<string> = new Set<CompareTask['type']>([
  'plan comparison',
  'read rows',
  'count rows',
  'walk indexes',
  'compare definitions',
])

export function isComparison(task: RunTask): task is CompareTask {
  return comparisons.has(task.type)
}

/** For people. */
export function taskName(task: RunTask): string {
  switch (task.type) {
    case 'load':
      return `load ${unitFile(task.load.unit)}`
    case 'script':
      return `restore ${task.name}`
    case 'archive rows':
      return `restore the rows in ${schemaFile}`
    case 'archive data':
      return `restore the large objects and positions of sequences in ${schemaFile}`
    default:
      return task.type
  }
}

/** The comparison, after the last pass of the restore; what it reads and walks is planned between its two tasks, once it is there. */
export function comparisonTasks(restored: readonly PlannedTask<RestoreTask>[]): PlannedTask<CompareTask>[] {
  const after = restored.reduce((last, { pass }) => Math.max(last, pass), -1) + 1
  return [
    { pass: after, bytes: 0, task: { type: 'plan comparison' } },
    // The last of all: it gives the database its own properties, which may be a limit of connections.
    { pass: after + 2, bytes: 0, task: { type: 'compare definitions' } },
  ]
}

/** The reading of some chunks, as a task that knows all it needs. */
export function readTask(
  chunks: readonly TableChunk[],
  targets: readonly ReadTarget[],
  sizes: readonly Cuttable[],
  pass: number,
): PlannedTask<CompareTask> {
  const tables = new Set(chunks.map(({ table }) => table))
  const named = [...tables].flatMap((index): [number, ReadTarget][] => {
    const target = targets[index]
    return target === undefined ? [] : [[index, target]]
  })
  // A range is as small as the others; a table that cannot be cut may be large.
  const bytes = chunks.reduce((sum, { table, range }) => sum + (range === undefined ? (sizes[table]?.heapBytes ?? 0) : 0), 0)
  return { pass, bytes, task: { type: 'read rows', chunks, targets: named } }
}

const countedAtOnce = 50

/** Tables that are only counted, some in a task. */
export function countTasks(places: readonly number[], pass: number): PlannedTask<CompareTask>[] {
  const tasks: PlannedTask<CompareTask>[] = []
  for (let start = 0; start < places.length; start += countedAtOnce) {
    tasks.push({ pass, bytes: 0, task: { type: 'count rows', places: places.slice(start, start + countedAtOnce) } })
  }
  return tasks
}
