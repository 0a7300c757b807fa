import { applySettings, copyTextSettings } from '../archive/copy-text.ts'
import { patienceSettings } from '../platform/postgres/patience.ts'
import { openPreparedSession } from '../platform/postgres/prepared-session.ts'
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

/** A connection of its own to the target. */
export async function openLoadWorker({ target, databaseEncoding, role, ...work }: LoadWork): Promise<Worker<LoadTask, void>> {
  const options = { applicationName: 'ballast restore (rows)', signal: work.signal }
  const session = await openPreparedSession(target, options, (fresh) => {
    const settings = { ...copyTextSettings(databaseEncoding), ...patienceSettings(fresh.versionNum) }
    return fresh.query(applySettings({ ...settings, ...(role === undefined ? {} : { role }) }))
  })
  return {
    run: (task) => loadUnit(task, { ...work, session }),
    close: () => session.close(),
  }
}
