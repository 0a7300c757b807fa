import type { Cluster } from '../../config/cluster.ts'
import { type ScheduledOperation, type TimetableEntry, timetable } from '../../config/timetable.ts'

/** What `ballast run` can do by itself. */
export type RunnableOperation = Exclude<ScheduledOperation, 'rehearse' | 'pitr'>

/** A line of the timetable that becomes a timer and a service. */
export type RunnableEntry = TimetableEntry & { operation: RunnableOperation }

/** A line of the timetable without a timer, and why. */
export interface LeftOut {
  operation: ScheduledOperation
  schedule: string
  reason: string
}

const reasons: Readonly<Record<Exclude<ScheduledOperation, RunnableOperation>, string>> = {
  pitr: 'this version makes no full backups for point-in-time recovery: schedule pgBackRest on the database node',
  rehearse: 'this version runs no drills: put them into the calendar of the team',
}

/** The timetable of a cluster, apart from what `ballast run` cannot do. */
export function runnableEntries(cluster: Cluster): { entries: RunnableEntry[]; leftOut: LeftOut[] } {
  const entries: RunnableEntry[] = []
  const leftOut: LeftOut[] = []
  for (const entry of timetable(cluster)) {
    const { operation } = entry
    if (operation === 'pitr' || operation === 'rehearse') {
      leftOut.push({ operation, schedule: entry.when.text, reason: reasons[operation] })
    } else entries.push({ ...entry, operation })
  }
  return { entries, leftOut }
}
