import { applySettings, copyTextSettings, literal } from '../archive/copy-text.ts'
import type { SetAddress } from '../archive/keys.ts'
import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import { CopyOutReader } from '../platform/postgres/copy/copy-out.ts'
import { patienceSettings } from '../platform/postgres/patience.ts'
import { openPreparedSession } from '../platform/postgres/prepared-session.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { serveTasks } from '../platform/threads/serve-tasks.ts'
import { type CopySource, copyTask, type TaskResult } from './copy-unit.ts'
import type { PlannedTask } from './plan.ts'

/** What every copy worker is started with. */
export interface CopyWorkerSetup {
  connection: ConnectionSettings
  databaseEncoding: string
  snapshot: string
  tables: CopySource['tables']
  store: StoreSettings
  address: SetAddress
  compressionLevel: number
}

await serveTasks<CopyWorkerSetup, PlannedTask, TaskResult>(async (setup, { signal, progress }) => {
  const options = { applicationName: 'ballast backup (rows)', signal }
  const session = await openPreparedSession(setup.connection, options, (fresh) => enterSnapshot(fresh, setup))
  const store = openStore(setup.store)
  const source = { session, reader: new CopyOutReader(session), tables: setup.tables }
  const { address, compressionLevel } = setup
  return {
    run: (task) => copyTask(task, source, { store, address, compressionLevel, signal, progress }),
    close: async () => {
      store.close()
      await session.close()
    },
  }
})

async function enterSnapshot(session: Session, setup: CopyWorkerSetup): Promise<void> {
  const settings = { ...copyTextSettings(setup.databaseEncoding), ...patienceSettings(session.versionNum) }
  await session.query(applySettings(settings))
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  await session.query(`SET TRANSACTION SNAPSHOT ${literal(setup.snapshot)}`)
}
