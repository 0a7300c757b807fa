import { applySettings, copyTextSettings } from '../archive/copy-text.ts'
import { patienceSettings } from '../platform/postgres/patience.ts'
import { openPreparedSession } from '../platform/postgres/prepared-session.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import type { Worker } from '../platform/workers/worker.ts'
import { type LoadContext, type LoadTask, loadUnit } from './load-unit.ts'

/** What a load worker reads from, and where to. */
export interface LoadWork extends Omit<LoadContext, 'session'> {
  target: ConnectionSettings
  /** Of the source database: decides the encoding of the text. */
  databaseEncoding: string
  /** Become this role first, as pg_restore's --role does. */
  role: string | undefined
}

/** Makes a session ready to take COPY text as the backup wrote it. */
export async function prepareToLoad(session: Session, databaseEncoding: string, role?: string): Promise<void> {
  const settings = { ...copyTextSettings(databaseEncoding), ...patienceSettings(session.versionNum) }
  await session.query(applySettings({ ...settings, ...(role === undefined ? {} : { role }) }))
}

/** A connection of its own to the target. */
export async function openLoadWorker({ target, databaseEncoding, role, ...work }: LoadWork): Promise<Worker<LoadTask, void>> {
  const options = { applicationName: 'ballast restore (rows)', signal: work.signal }
  const session = await openPreparedSession(target, options, (fresh) => prepareToLoad(fresh, databaseEncoding, role))
  return {
    run: (task) => loadUnit(task, { ...work, session }),
    close: () => session.close(),
  }
}
