import { z } from 'zod'
import type { Cluster } from '../../../config/cluster.ts'
import { latestDueMs } from '../../../config/due.ts'
import { type ScheduledOperation, timetable } from '../../../config/timetable.ts'
import { Failure } from '../../platform/failure.ts'

/** What a function is asked to do. */
export interface RunInput {
  /** Of a backup: which line of the schedule. */
  slot?: string
  /** The schedule's instant that the run is for, in milliseconds since the epoch. */
  dueMs: number
}

const minuteMs = 60_000

const event = z.strictObject({
  slot: z.string().optional(),
  due: z.iso.datetime({ offset: true, message: 'is no instant such as 2026-11-22T06:00:00Z' }).optional(),
})

/**
 * Reads the event of an invocation: what the schedule sends, or `{}` for the latest instant of the schedule.
 *
 * @throws Failure of kind `config` that names the path of every mistake; nothing has been touched then.
 */
export function readInput(operation: ScheduledOperation, raw: unknown, cluster: Cluster, nowMs: number): RunInput {
  const parsed = event.safeParse(raw ?? {})
  if (!parsed.success) throw refused(operation, parsed.error.issues.map(describeIssue))
  const { slot, due } = parsed.data
  const lines = timetable(cluster).filter((line) => line.operation === operation && line.slot === slot)
  const [line] = lines
  if (line === undefined) throw refused(operation, [slotProblem(operation, slot, cluster)])
  const dueMs = due === undefined ? latestDueMs(line.when, cluster.timeZone, nowMs) : wholeMinute(Date.parse(due))
  if (dueMs > nowMs) throw refused(operation, [`event.due: ${due} lies in the future`])
  return { ...(slot === undefined ? {} : { slot }), dueMs }
}

/** A schedule has minutes; what starts a run may be seconds late in saying which. */
function wholeMinute(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs
}

function slotProblem(operation: ScheduledOperation, slot: string | undefined, { backup }: Cluster): string {
  if (operation !== 'backup')
    return slot === undefined ? `the definition schedules no ${operation}` : 'event.slot: only a backup has one'
  const found = slot === undefined ? 'is missing' : `no slot is named '${slot}'`
  return `event.slot: ${found}; use one of ${backup.schedule.map((entry) => entry.slot).join(', ')}`
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return `${['event', ...path.map(String)].join('.')}: ${message}`
}

function refused(operation: ScheduledOperation, problems: readonly string[]): Failure {
  const example = { ...(operation === 'backup' ? { slot: 'daily' } : {}), due: '2026-11-22T06:00:00Z' }
  return new Failure(`this is no event of the function: ${problems.join('; ')}`, {
    kind: 'config',
    subject: 'event',
    code: 'BadEvent',
    hint: `Invoke it with e.g. ${JSON.stringify(example)}; without "due" the run is for the latest instant of the schedule.`,
  })
}
