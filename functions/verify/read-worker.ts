import { applySettings, copyTextSettings, qualified } from '../archive/copy-text.ts'
import { copyOutSql, type ReadTarget } from '../archive/read-table.ts'
import { CopyOutReader, type CopyOutResult } from '../platform/postgres/copy/copy-out.ts'
import { patienceSettings } from '../platform/postgres/patience.ts'
import { openPreparedSession } from '../platform/postgres/prepared-session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { serveTasks } from '../platform/threads/serve-tasks.ts'
import type { ReadTask } from './read-plan.ts'

/** What every read worker is started with. */
export interface ReadWorkerSetup {
  connection: ConnectionSettings
  databaseEncoding: string
  tables: readonly ReadTarget[]
}

/** What the chunks of a task hold. */
export type ReadResult = (CopyOutResult & { table: number })[]

await serveTasks<ReadWorkerSetup, ReadTask, ReadResult>(async (setup, { signal, progress }) => {
  const options = { applicationName: 'ballast verify (rows)', signal }
  const session = await openPreparedSession(setup.connection, options, (fresh) =>
    fresh.query(applySettings({ ...copyTextSettings(setup.databaseEncoding), ...patienceSettings(fresh.versionNum) })),
  )
  const reader = new CopyOutReader(session)
  return {
    run: async ({ chunks }) => {
      const results: ReadResult = []
      for (const { table: index, range } of chunks) {
        signal.throwIfAborted()
        const table = setup.tables[index]
        if (table === undefined) throw new RangeError(`the plan names table ${index} of ${setup.tables.length}`)
        const result = await reader.copy(copyOutSql(table, range), `table ${qualified(table)}`)
        progress(result.bytes)
        results.push({ ...result, table: index })
      }
      return results
    },
    close: () => session.close(),
  }
})
