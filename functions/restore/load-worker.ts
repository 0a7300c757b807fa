import { applySettings, copyTextSettings } from '../archive/copy-text.ts'
import type { SetAddress } from '../archive/keys.ts'
import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import { patienceSettings } from '../platform/postgres/patience.ts'
import { openSession } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { serveTasks } from '../platform/threads/serve-tasks.ts'
import { type LoadTask, loadUnit } from './load-unit.ts'

/** What every load worker is started with. */
export interface LoadWorkerSetup {
  target: ConnectionSettings
  /** Of the source database: decides the encoding of the text. */
  databaseEncoding: string
  /** Become this role first, as pg_restore's --role does. */
  role: string | undefined
  store: StoreSettings
  address: SetAddress
}

await serveTasks<LoadWorkerSetup, LoadTask, undefined>(async (setup, { signal, progress }) => {
  const session = await openSession(setup.target, { applicationName: 'ballast restore (rows)', signal })
  const settings = { ...copyTextSettings(setup.databaseEncoding), ...patienceSettings(session.versionNum) }
  try {
    await session.query(applySettings({ ...settings, ...(setup.role === undefined ? {} : { role: setup.role }) }))
  } catch (error) {
    await session.close()
    throw error
  }
  const store = openStore(setup.store)
  return {
    run: async (task) => {
      await loadUnit(task, { session, store, address: setup.address, signal, progress })
      return undefined
    },
    close: async () => {
      store.close()
      await session.close()
    },
  }
})
