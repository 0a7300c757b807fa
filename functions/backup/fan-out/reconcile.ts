import { globalsFile, schemaFile, unitFile } from '../../archive/keys.ts'
import { storedFile } from '../../archive/stored-file.ts'
import type { TaskResult } from '../copy-unit.ts'
import type { PlannedTask } from '../plan.ts'
import type { DumpResult } from './products.ts'

/** All that a run has, and all that it was to have. */
export interface RunContent {
  tasks: readonly PlannedTask[]
  /** By the number of the task; holes where there is none. */
  results: readonly (TaskResult | undefined)[]
  schema: DumpResult | undefined
  globals: DumpResult | undefined
  /** What the store holds of the set: names and sizes in bytes. */
  files: ReadonlyMap<string, number>
  encrypted: boolean
}

/** Everything that keeps a run from being a whole set, in words; empty when nothing does. */
export function reconcile({ tasks, results, schema, globals, files, encrypted }: RunContent): string[] {
  const nameOf = (file: string): string =>
    storedFile({ encryption: encrypted ? { type: 'age', recipients: [] } : undefined }, file)
  const expected = new Map<string, { bytes: number } | undefined>([
    [nameOf(schemaFile), schema?.stored],
    [nameOf(globalsFile), globals?.stored],
  ])
  const problems = tasks.flatMap((task, number) => {
    const result = results[number]
    if (task.type === 'unit') expected.set(nameOf(unitFile(task.unit)), result?.stored)
    return result === undefined ? [`${taskName(task)} was not copied`] : taskProblems(task, result)
  })
  for (const [file, stored] of expected) {
    const bytes = files.get(file)
    if (stored === undefined) problems.push(`${file} has no result`)
    else if (bytes === undefined) problems.push(`${file} is missing`)
    else if (bytes !== stored.bytes) problems.push(`${file} has ${bytes} bytes instead of ${stored.bytes}`)
  }
  for (const file of files.keys())
    if (file.startsWith('data/') && !expected.has(file)) problems.push(`${file} is not in the plan`)
  return problems
}

/** A result is about the chunks of its task, all of them, in their order. */
function taskProblems(task: PlannedTask, { chunks, stored }: TaskResult): string[] {
  const name = taskName(task)
  if (chunks.length !== task.chunks.length) return [`${name} has ${chunks.length} chunks instead of ${task.chunks.length}`]
  if (task.chunks.some(({ table }, index) => chunks[index]?.table !== table)) return [`${name} has other tables than the plan`]
  if (task.type === 'unit' && (stored === undefined || chunks.some(({ frame }) => frame === undefined)))
    return [`${name} was read, and not stored`]
  return []
}

function taskName(task: PlannedTask): string {
  return task.type === 'unit' ? unitFile(task.unit) : 'what pg_dump stores'
}
