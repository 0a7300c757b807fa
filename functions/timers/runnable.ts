import type { Cluster } from '../../config/cluster.ts'
import { type Rehearsal, rehearsalPlans } from '../../config/rehearsals.ts'
import { type ScheduledOperation, type TimetableEntry, timetable } from '../../config/timetable.ts'

/** What a timer can do by itself; drills only on a sandbox. */
export type RunnableOperation = Exclude<ScheduledOperation, 'pitr'>

/** A line of the timetable that becomes a timer and a service. */
export type RunnableEntry = TimetableEntry & { operation: RunnableOperation }

/** Something that the definition schedules and that has no timer, and why. */
export interface LeftOut {
  operation: 'pitr' | Rehearsal
  schedule: string
  reason: string
}

const byNodes = 'the database nodes make these full backups themselves, by ballast-full-backup.timer of their image'
const byPeople =
  'people do it, and file it with `ballast rehearse`; freshness warns when it is due, and alarms when that was not done'

/** The timetable of a cluster, apart from what no timer can do. */
export function runnableEntries(cluster: Cluster): { entries: RunnableEntry[]; leftOut: LeftOut[] } {
  const entries: RunnableEntry[] = []
  const leftOut: LeftOut[] = []
  const drillsItself = cluster.handover.drills.by === 'sandbox'
  for (const entry of timetable(cluster)) {
    const { operation, when } = entry
    if (operation === 'pitr') leftOut.push({ operation, schedule: when.text, reason: byNodes })
    else if (operation !== 'rehearse' || drillsItself) entries.push({ ...entry, operation })
  }
  for (const { rehearsal, when } of rehearsalPlans(cluster)) {
    if (rehearsal === 'drill' && drillsItself) continue
    leftOut.push({ operation: rehearsal, schedule: when.text, reason: byPeople })
  }
  return { entries, leftOut }
}
