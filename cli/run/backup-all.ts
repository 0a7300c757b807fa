import { type BackupOptions, backup } from '../../functions/backup/backup.ts'
import { backupOutcome } from '../../functions/backup/backup-outcome.ts'
import { combineOutcomes } from '../../functions/platform/combine-outcomes.ts'
import { storeLocation } from '../../functions/platform/object-store/location.ts'
import { failedOutcome, type Outcome } from '../../functions/platform/outcome.ts'
import type { DatabaseChoice } from '../settings/connection-choice.ts'
import { connectionSettings } from '../settings/connection-settings.ts'
import { backupText } from '../terminal/backup-text.ts'
import { asFailure } from './as-failure.ts'
import type { CommandContext, CommandResult } from './run-command.ts'

/** Which databases to back up, and how. */
export interface BackupJob extends Omit<BackupOptions, 'connection' | 'signal' | 'onProgress'> {
  databases: readonly DatabaseChoice[]
}

/** Backs up one database after the other: each has the source's and the store's whole attention. */
export async function backupAll({ databases, ...job }: BackupJob, context: CommandContext): Promise<CommandResult> {
  const outcomes: Outcome[] = []
  const texts: string[] = []
  for (const database of databases) {
    if (context.signal.aborted && outcomes.length > 0) break
    const { outcome, text } = await backupOne(database, job, context)
    outcomes.push(outcome)
    texts.push(text)
  }
  return { outcome: combineOutcomes('backup', job.cluster, outcomes), text: texts.join('') }
}

async function backupOne(
  database: DatabaseChoice,
  job: Omit<BackupJob, 'databases'>,
  { signal, progress, style, failed }: CommandContext,
): Promise<{ outcome: Outcome; text: string }> {
  let target = `${job.cluster}/${database.name ?? '?'}`
  const startedMs = Date.now()
  try {
    const connection = await connectionSettings(database, job.env)
    target = `${job.cluster}/${connection.database}`
    progress.begin(`backup ${target}`)
    const manifest = await backup({
      ...job,
      connection,
      signal,
      onProgress: ({ rawBytes, tableBytes }) => progress.update({ phase: 'rows', doneBytes: rawBytes, totalBytes: tableBytes }),
    })
    const seconds = (Date.now() - startedMs) / 1000
    return {
      outcome: backupOutcome(manifest, seconds),
      text: backupText(manifest, seconds, storeLocation(job.store), style),
    }
  } catch (error) {
    const failure = asFailure(error, target)
    failed(target, failure)
    const seconds = (Date.now() - startedMs) / 1000
    return { outcome: failedOutcome('backup', target, failure, { seconds }), text: '' }
  } finally {
    progress.stop()
  }
}
