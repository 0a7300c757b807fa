import { applySettings, copyTextSettings, qualified } from '../archive/copy-text.ts'
import { copyOutSql, type ReadTarget } from '../archive/read-table.ts'
import { CopyOutReader, type CopyOutResult } from '../platform/postgres/copy/copy-out.ts'
import { patienceSettings } from '../platform/postgres/patience.ts'
import { openSession } from '../platform/postgres/session.ts'
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
  const session = await openSession(setup.connection, { applicationName: 'ballast verify (rows)', signal })
  await session.query(applySettings({ ...copyTextSettings(setup.databaseEncoding), ...patienceSettings(session.versionNum) }))
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
