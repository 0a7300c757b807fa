import { applySettings, copyTextSettings, qualified } from '../archive/copy-text.ts'
import type { TableChunk } from '../archive/cut-tables.ts'
import { copyOutSql, type ReadTarget } from '../archive/read-table.ts'
import { CopyOutReader, type CopyOutResult } from '../platform/postgres/copy/copy-out.ts'
import { patienceSettings } from '../platform/postgres/patience.ts'
import { openPreparedSession } from '../platform/postgres/prepared-session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import type { Worker } from '../platform/workers/worker.ts'

/** What a read worker reads from. */
export interface ReadWork {
  connection: ConnectionSettings
  databaseEncoding: string
  tables: readonly ReadTarget[]
  signal: AbortSignal
  progress(bytes: number): void
}

/** What the chunks of a task hold. */
export type ReadResult = (CopyOutResult & { table: number })[]

/** A connection of its own to the restored database. */
export async function openReadWorker(work: ReadWork): Promise<Worker<readonly TableChunk[], ReadResult>> {
  const options = { applicationName: 'ballast verify (rows)', signal: work.signal }
  const session = await openPreparedSession(work.connection, options, (fresh) =>
    fresh.query(applySettings({ ...copyTextSettings(work.databaseEncoding), ...patienceSettings(fresh.versionNum) })),
  )
  const reader = new CopyOutReader(session)
  return {
    run: async (chunks) => {
      const copies = chunks.map(({ table: index, range }) => {
        const table = work.tables[index]
        if (table === undefined) throw new RangeError(`the plan names table ${index} of ${work.tables.length}`)
        return { sql: copyOutSql(table, range), subject: `table ${qualified(table)}` }
      })
      const results = await reader.copy(copies)
      work.progress(results.reduce((sum, { bytes }) => sum + bytes, 0))
      return results.map((result, index) => ({ ...result, table: chunks[index]?.table ?? -1 }))
    },
    close: () => session.close(),
  }
}
