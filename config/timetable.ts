import type { Cluster } from './cluster.ts'

export type ScheduledOperation =
  | 'backup'
  | 'verify'
  | 'retention'
  | 'copies'
  | 'replication'
  | 'freshness'
  | 'status'
  | 'rehearse'
  | 'pitr'

/** One line of the timetable that Lambda schedules and systemd timers are both made from. */
export interface TimetableEntry {
  operation: ScheduledOperation
  /** Names the backups of this entry; undefined for every other operation. */
  slot: string | undefined
  when: Cluster['backup']['verify']['schedule']
  /** The databases it is about; undefined where it is about the whole cluster. */
  databases: readonly string[] | undefined
}

/** Everything that the cluster does by itself, and when, in `cluster.timeZone`. */
export function timetable({ backup, replication, freshness, status, handover, databases }: Cluster): TimetableEntry[] {
  const all = databases.filter((database) => database.backup).map(({ name }) => name)
  const entry = (operation: ScheduledOperation, when: TimetableEntry['when'] | undefined): TimetableEntry[] =>
    when === undefined ? [] : [{ operation, slot: undefined, when, databases: undefined }]
  return [
    ...backup.schedule.map((slot) => ({
      operation: 'backup' as const,
      slot: slot.slot,
      when: slot.when,
      databases: slot.databases ?? all,
    })),
    ...entry('pitr', backup.pitr?.fullBackup),
    ...entry('verify', backup.verify.schedule),
    ...entry('retention', backup.retention.schedule),
    ...entry('copies', backup.copies.to.length === 0 ? undefined : backup.copies.schedule),
    ...entry('replication', replication.schedule),
    ...entry('freshness', freshness.schedule),
    ...entry('status', status.schedule),
    ...entry('rehearse', handover.drills.schedule),
  ]
}
