import { z } from 'zod'
import { globalsFile, type SetAddress, schemaFile, setPrefix, unitFile } from '../../archive/keys.ts'
import { storedFile } from '../../archive/stored-file.ts'
import type { TaskResult } from '../copy-unit.ts'
import type { PlannedTask } from '../plan.ts'
import type { StoredDump } from '../store-dump.ts'
import type { PlanHead } from './plan-document.ts'
import type { Product } from './results.ts'

const count = z.number().int().nonnegative()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const chunk = z.strictObject({
  table: count,
  rows: count,
  bytes: count,
  digest: z.string().regex(/^[0-9a-f]{16}$/),
  frame: z.strictObject({ offset: count, length: count, sha256 }).optional(),
})
const taskResult = z.strictObject({
  chunks: z.array(chunk),
  stored: z.strictObject({ key: z.string(), bytes: count, sha256 }).optional(),
})
const dumpResult = z.strictObject({
  stored: z.strictObject({ file: z.string(), bytes: count, sha256 }),
  stderr: z.string(),
  /** Of the tool that made it. */
  toolVersion: z.string(),
})

export type DumpResult = StoredDump & { toolVersion: string }

/** The folder of the results of tasks. */
export const taskResults = 'units/'

/** A task, by its place in the plan: a unit, or what is only digested. */
export function taskProduct(plan: PlanName, number: number, task: PlannedTask): Product<TaskResult> {
  return {
    name: `${taskResults}${String(number).padStart(6, '0')}`,
    ...(task.type === 'unit' ? { key: keyOf(plan, unitFile(task.unit)) } : {}),
    parse: (document) => taskResult.parse(document) as TaskResult,
    storedOf: ({ stored }) => stored,
  }
}

/** What stock tools write. */
export function dumpProducts(plan: PlanName): { schema: Product<DumpResult>; globals: Product<DumpResult> } {
  const product = (name: string, file: string): Product<DumpResult> => ({
    ...{ name, key: keyOf(plan, file) },
    parse: (document) => dumpResult.parse(document),
    storedOf: ({ stored }) => stored,
  })
  return { schema: product('schema', schemaFile), globals: product('globals', globalsFile) }
}

/** What the names of objects depend on. */
export interface PlanName {
  address: SetAddress
  settings: PlanHead['settings']
}

function keyOf({ address, settings: { ageRecipients } }: PlanName, file: string): string {
  const encryption = ageRecipients.length === 0 ? undefined : { type: 'age' as const, recipients: ageRecipients }
  return setPrefix(address) + storedFile({ encryption }, file)
}
