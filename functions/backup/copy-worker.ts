import { applySettings, copyTextSettings, literal } from '../archive/copy-text.ts'
import { CopyOutReader } from '../platform/postgres/copy/copy-out.ts'
import { patienceSettings } from '../platform/postgres/patience.ts'
import { openPreparedSession } from '../platform/postgres/prepared-session.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import type { Worker } from '../platform/workers/worker.ts'
import { type CopyDestination, type CopySource, copyTask, type TaskResult } from './copy-unit.ts'
import type { PlannedTask } from './plan.ts'

/** What a copy worker reads from, and where to. */
export interface CopyWork extends CopyDestination {
  connection: ConnectionSettings
  databaseEncoding: string
  /** Begins the transaction in the snapshot. */
  enter(session: Session): Promise<unknown>
  tables: CopySource['tables']
}

/**
 * A connection of its own inside the snapshot. While the store completes one unit the rows of the next are read already:
 * at most one, and what fails there fails the next task as well.
 */
export async function openCopyWorker(work: CopyWork): Promise<Worker<PlannedTask, TaskResult>> {
  const options = { applicationName: 'ballast backup (rows)', signal: work.signal }
  const session = await openPreparedSession(work.connection, options, (fresh) => prepare(fresh, work))
  const source = { session, reader: new CopyOutReader(session), tables: work.tables }
  let storing: Promise<unknown> = Promise.resolve()
  return {
    run: async (task, free) => {
      const { chunks, unit } = await copyTask(task, source, work)
      if (unit === undefined) return { chunks }
      await storing.catch(async (error: unknown) => {
        await unit.abort()
        throw error
      })
      const stored = unit.complete()
      storing = stored
      free()
      return { chunks, stored: await stored }
    },
    close: async () => {
      await Promise.allSettled([storing])
      await session.close()
    },
  }
}

async function prepare(session: Session, { databaseEncoding, enter }: CopyWork): Promise<void> {
  const settings = { ...copyTextSettings(databaseEncoding), ...patienceSettings(session.versionNum) }
  await session.query(applySettings(settings))
  await enter(session)
}

/** Begins a transaction in an exported snapshot. */
export function inSnapshot(snapshot: string): CopyWork['enter'] {
  return async (session) => {
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await session.query(`SET TRANSACTION SNAPSHOT ${literal(snapshot)}`)
  }
}
