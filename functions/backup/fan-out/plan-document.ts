import { z } from 'zod'
import { runPrefix } from '../../archive/keys.ts'
import { databaseSchema, type ManifestSequence, sequenceSchema } from '../../archive/manifest.ts'
import { Failure } from '../../platform/failure.ts'
import type { PlannedTask } from '../plan.ts'
import type { SourceTable } from '../source-tables.ts'
import type { Batch } from './batches.ts'
import { readLines, writeLines } from './line-document.ts'
import type { RunPlace } from './run-store.ts'

const count = z.number().int().nonnegative()

const head = z.strictObject({
  format: z.literal(1),
  identity: z.strictObject({
    systemIdentifier: z.string(),
    timeline: count,
    standby: z.boolean(),
    snapshotLsn: z.string(),
    serverVersion: z.string(),
    blockBytes: count,
  }),
  versionNum: count,
  database: databaseSchema,
  omitted: z.array(z.strictObject({ subject: z.string(), reason: z.string() })),
  /** As they were when the run began: all of its steps work by these. */
  settings: z.strictObject({
    compressionLevel: count,
    lockWaitSeconds: count,
    rolePasswords: z.boolean(),
    ageRecipients: z.array(z.string()),
  }),
  /** Lines that follow, of each kind. */
  tables: count,
  sequences: count,
  tasks: count,
  batches: count,
})

const range = z.strictObject({ from: count, to: count.optional() })
const chunks = z.array(z.strictObject({ table: count, range: range.optional() }))
const task = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('unit'), unit: z.number().int().positive(), chunks }),
  z.strictObject({ type: z.literal('digest'), chunks }),
])
const table = z.strictObject({
  schema: z.string(),
  name: z.string(),
  oid: count,
  columns: z.array(z.string()),
  heap: z.boolean(),
  leftToPgDump: z.string().optional(),
  filter: z.string().optional(),
  heapBytes: count,
  toastBytes: count,
})
const target = z.strictObject({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()),
  filter: z.string().optional(),
  query: z.string().optional(),
})
const batch = z.strictObject({ first: count, end: count })
const batchDocument = z.strictObject({
  /** Number of the first task; the others follow. */
  first: count,
  tasks: z.array(task),
  /** The tables that the tasks read, each with the index that chunks use. */
  targets: z.array(z.tuple([count, target])),
})

export type PlanHead = z.infer<typeof head>

/** All that a run does, from its source to its tasks; a task's number is its place in the list, and so is a unit's. */
export interface RunPlan extends PlanHead {
  tableList: SourceTable[]
  sequenceList: ManifestSequence[]
  taskList: PlannedTask[]
  batchList: Batch[]
}

/** A plan's own place: one that was begun and given up is never mixed with the next. */
export interface PlanPlace extends RunPlace {
  /** The token of who made it. */
  plan: string
}

/** The part of a plan that one call of the step `copy` needs. */
export type BatchDocument = z.infer<typeof batchDocument>

/** The plan without the lists, for who needs only to know what the source is. */
export async function readPlanHead(place: PlanPlace): Promise<PlanHead> {
  for await (const line of readLines(place.store, planKey(place), place.signal)) {
    return parsed(() => head.parse(line), planKey(place))
  }
  throw damaged(planKey(place))
}

export async function readPlan({ store, address, plan: name, signal }: PlanPlace): Promise<RunPlan> {
  const key = planKey({ address, plan: name })
  const lines = readLines(store, key, signal)
  const next = async <T>(schema: z.ZodType<T>): Promise<T> => {
    const { value } = await lines.next()
    return parsed(() => schema.parse(value), key)
  }
  const first = await next(head)
  const plan: RunPlan = { ...first, tableList: [], sequenceList: [], taskList: [], batchList: [] }
  // What zod gives has the keys that were stored and no others: an optional one is left out, never undefined.
  while (plan.tableList.length < first.tables) plan.tableList.push((await next(table)) as SourceTable)
  while (plan.sequenceList.length < first.sequences) plan.sequenceList.push((await next(sequenceSchema)) as ManifestSequence)
  while (plan.taskList.length < first.tasks) plan.taskList.push((await next(task)) as PlannedTask)
  while (plan.batchList.length < first.batches) plan.batchList.push(await next(batch))
  return plan
}

/** Stores the plan: whoever finds it finds all of it, and its batches. */
export async function writePlan(
  place: PlanPlace,
  { tableList, sequenceList, taskList, batchList, ...first }: RunPlan,
): Promise<void> {
  await writeLines(place, planKey(place), linesOf(first, tableList, sequenceList, taskList, batchList))
}

export async function writeBatch(place: PlanPlace, batch: number, document: BatchDocument): Promise<void> {
  await writeLines(place, batchKey(place, batch), [document])
}

export async function readBatch(place: PlanPlace, batch: number): Promise<BatchDocument> {
  const key = batchKey(place, batch)
  for await (const line of readLines(place.store, key, place.signal)) return parsed(() => batchDocument.parse(line), key)
  throw damaged(key)
}

function* linesOf(...parts: [PlanHead, ...(readonly unknown[])[]]): Generator<unknown> {
  const [first, ...lists] = parts
  yield first
  for (const list of lists) yield* list
}

type PlanName = Pick<PlanPlace, 'address' | 'plan'>

function planKey(name: PlanName): string {
  return `${planPrefix(name)}plan.zst`
}

/** Batches are numbered from 1. */
function batchKey(name: PlanName, batch: number): string {
  return `${planPrefix(name)}batches/${String(batch).padStart(6, '0')}.zst`
}

function planPrefix({ address, plan }: PlanName): string {
  return `${runPrefix(address)}plans/${plan}/`
}

function parsed<T>(parse: () => T, key: string): T {
  try {
    return parse()
  } catch (cause) {
    throw damaged(key, cause)
  }
}

function damaged(key: string, cause?: unknown): Failure {
  return new Failure('the plan of this run cannot be read', {
    ...{ kind: 'permanent', subject: key, code: 'BadPlan' },
    hint: 'Find out who writes to the store, or whether functions of two versions are at work; the next slot makes a run of its own.',
    cause,
  })
}
