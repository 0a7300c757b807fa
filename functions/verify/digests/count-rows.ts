import { applySettings, copyTextSettings, qualified } from '../../archive/copy-text.ts'
import type { ManifestTable } from '../../archive/manifest.ts'
import { throwIfAborted } from '../../platform/abort.ts'
import { patienceSettings } from '../../platform/postgres/patience.ts'
import { openPreparedSession } from '../../platform/postgres/prepared-session.ts'
import type { ConnectionSettings } from '../../platform/postgres/settings.ts'
import { sideBySide } from '../../platform/side-by-side.ts'

/** Where rows are counted. */
export interface RowCounting {
  connection: ConnectionSettings
  databaseEncoding: string
  /** Connections that count at the same time. */
  jobs: number
  signal: AbortSignal
}

/**
 * How many rows each table holds, as the database itself counts them; the largest first, so that all connections end together.
 * Under the settings that rows are read with: row security that would hide some is an error.
 */
export async function countRows(tables: readonly ManifestTable[], counting: RowCounting): Promise<number[]> {
  const { connection, jobs, signal } = counting
  const counts: number[] = []
  const waiting = [...tables.entries()].sort(([, a], [, b]) => b.rawBytes - a.rawBytes).values()
  await sideBySide(signal, connection.database, (either) =>
    Array.from({ length: Math.min(jobs, tables.length) }, () => countEach(waiting, counting, either, counts)),
  )
  return counts
}

async function countEach(
  waiting: Iterable<[number, ManifestTable]>,
  { connection, databaseEncoding }: RowCounting,
  signal: AbortSignal,
  counts: number[],
): Promise<void> {
  const options = { applicationName: 'ballast verify (counts)', signal }
  const session = await openPreparedSession(connection, options, (fresh) =>
    fresh.query(applySettings({ ...copyTextSettings(databaseEncoding), ...patienceSettings(fresh.versionNum) })),
  )
  try {
    for (const [place, table] of waiting) {
      throwIfAborted(signal, connection.database)
      // An extension's filter is a whole clause: `WHERE ...`, as pg_extension_config_dump took it.
      const sql = `SELECT count(*)::text AS rows FROM ONLY ${qualified(table)} ${table.filter ?? ''}`
      const [row] = await session.query<{ rows: string }>(sql)
      counts[place] = Number(row?.rows)
    }
  } finally {
    await session.close()
  }
}
