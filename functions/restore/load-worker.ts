import { applySettings, copyTextSettings } from '../archive/copy-text.ts'
import type { SetAddress } from '../archive/keys.ts'
import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import { patienceSettings } from '../platform/postgres/patience.ts'
import { openPreparedSession } from '../platform/postgres/prepared-session.ts'
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
  const options = { applicationName: 'ballast restore (rows)', signal }
  const session = await openPreparedSession(setup.target, options, (fresh) => {
    const settings = { ...copyTextSettings(setup.databaseEncoding), ...patienceSettings(fresh.versionNum) }
    return fresh.query(applySettings({ ...settings, ...(setup.role === undefined ? {} : { role: setup.role }) }))
  })
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
