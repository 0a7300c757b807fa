import type { ScheduledOperation } from '../../config/timetable.ts'
import type { ScheduledWork } from '../../functions/runtime/scheduled.ts'

/** Every operation that runs on a schedule, and the work behind it. Loaded when it is asked for. */
export const operations = {
  backup: async () => (await import('../../functions/backup/scheduled-backup.ts')).scheduledBackup,
  verify: async () => (await import('../../functions/verify/scheduled-verify.ts')).scheduledVerify,
  retention: async () => (await import('../../functions/retention/scheduled-retention.ts')).scheduledRetention,
  copies: async () => (await import('../../functions/copies/scheduled-copies.ts')).scheduledCopies,
  replication: async () => (await import('../../functions/replication/scheduled-replication.ts')).scheduledReplication,
  freshness: async () => (await import('../../functions/freshness/scheduled-freshness.ts')).scheduledFreshness,
  status: async () => (await import('../../functions/status/scheduled-status.ts')).scheduledStatus,
} satisfies Partial<Record<ScheduledOperation, () => Promise<ScheduledWork>>>

export type RunnableOperation = keyof typeof operations

/** The names of all of them. */
export const runnableNames = Object.keys(operations)

/** Whether `ballast run` can do it. */
export function isRunnable(name: string): name is RunnableOperation {
  return Object.hasOwn(operations, name)
}
