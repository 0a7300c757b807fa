import type { LedgerLine } from '../../restore/fan-out/ledger.ts'
import { type RunTask, type TaskResult, taskName } from './run-tasks.ts'

export type RunLine = LedgerLine<RunTask, TaskResult>

/**
 * Everything that keeps a run from having done all that it was to do, in words; empty when nothing does. What was not compared is
 * never taken for equal.
 *
 * @param comparing whether what was restored was to be compared.
 */
export function reconcile(lines: readonly RunLine[], comparing: boolean): string[] {
  const problems = lines
    .filter(({ doneMs }) => doneMs === undefined)
    .map(({ id, task }) => `${taskName(task)} (task ${id}) was not done`)
  if (!comparing) return problems
  const [planned] = lines.filter(({ task }) => task.type === 'plan comparison')
  const [described] = lines.filter(({ task }) => task.type === 'compare definitions')
  if (planned?.result?.plan === undefined) return [...problems, 'the comparison was not planned']
  if (described?.result?.compared === undefined) problems.push('the definitions were not compared')
  return [...problems, ...rowProblems(lines, planned.result.plan)]
}

/** Each table of the plan was read or counted, and each chunk of what was to be read. */
function rowProblems(lines: readonly RunLine[], plan: NonNullable<TaskResult['plan']>): string[] {
  const problems: string[] = []
  const read = new Set<number>()
  const counted = new Set<number>()
  for (const { id, task, result } of lines) {
    if (task.type === 'read rows') {
      const [wanted, there] = [task.chunks.map(({ table }) => table), (result?.contents ?? []).map(({ table }) => table)]
      if (JSON.stringify(wanted) !== JSON.stringify(there))
        problems.push(`task ${id} did not read the chunks that it was to read`)
      for (const table of there) read.add(table)
    }
    if (task.type === 'count rows') for (const [place] of result?.counts ?? []) counted.add(place)
    if (task.type === 'walk indexes' && result?.compared === undefined) problems.push(`task ${id} walked no index`)
  }
  // After the tables come the large objects.
  for (let index = 0; index <= plan.read.length; index += 1)
    if (!read.has(index))
      problems.push(index === plan.read.length ? 'large objects were not read' : `table ${plan.read[index]} was not read`)
  for (const place of plan.counted) if (!counted.has(place)) problems.push(`table ${place} was not counted`)
  return problems
}
