import { applySettings } from '../archive/copy-text.ts'
import { databasePropertiesSql, sequencesSql, sizesSql, tablesSql } from '../archive/database-sql.ts'
import type { DatabaseProperties, ManifestSequence } from '../archive/manifest.ts'
import { Failure } from '../platform/failure.ts'
import { patienceSettings } from '../platform/postgres/patience.ts'
import { assertDirect } from '../platform/postgres/pooler.ts'
import { openPreparedSession } from '../platform/postgres/prepared-session.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { lockTables } from './lock-tables.ts'
import { readabilityProblems, unreadable } from './readability.ts'
import { estimatedRowsSql, identitySql, omissionsSql, unreadableLargeObjectsSql } from './source-sql.ts'
import { chooseTables, type Omission, type SourceTable, type TableRow } from './source-tables.ts'

/** What the source is, as of the snapshot. */
export interface SourceIdentity {
  systemIdentifier: string
  timeline: number
  standby: boolean
  snapshotLsn: string
  serverVersion: string
  blockBytes: number
}

/** A row of `sequencesSql`. */
export interface SequenceRow {
  schema: string
  name: string
  readable: boolean
  ownerSchema: string | null
  ownerTable: string | null
  ownerColumn: string | null
}

/** The source, held still: its session keeps the snapshot and a lock on every table until it is closed. */
export interface HeldSource {
  session: Session
  snapshot: string
  identity: SourceIdentity
  tables: SourceTable[]
  sequences: ManifestSequence[]
  database: DatabaseProperties
  omitted: Omission[]
}

/**
 * Opens the source, proves that everything in it can be read, locks its tables against change of structure and exports
 * a snapshot of it. Locks come before the snapshot, so that no table can be rewritten between the two; tables created
 * in between are found by listing again and locked as well.
 */
export async function holdSource(
  connection: ConnectionSettings,
  lockWaitSeconds: number,
  signal?: AbortSignal,
): Promise<HeldSource> {
  const session = await openHolder(connection, signal)
  try {
    const before = await readTables(session)
    await refuseUnreadable(session, before)
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await lockTables(session, before, lockWaitSeconds)
    const snapshot = await one<{ snapshot: string }>(session, 'SELECT pg_export_snapshot() AS snapshot')
    const rows = await readTables(session)
    const known = new Set(before.map((row) => row.oid))
    await lockTables(
      session,
      rows.filter((row) => !known.has(row.oid)),
      lockWaitSeconds,
    )
    return { session, snapshot: snapshot.snapshot, ...(await describe(session, rows)) }
  } catch (error) {
    await session.close()
    throw error
  }
}

/** Opens a session that can hold a snapshot for hours, straight to the server. */
export async function openHolder(connection: ConnectionSettings, signal?: AbortSignal): Promise<Session> {
  const options = { applicationName: 'ballast backup (snapshot)', ...(signal && { signal }) }
  return await openPreparedSession(connection, options, async (session) => {
    await assertDirect(session)
    await session.query(
      applySettings({ ...patienceSettings(session.versionNum), search_path: '', row_security: 'off', lock_timeout: '0' }),
    )
  })
}

/** About how many rows will be copied, by the statistics of the last ANALYZE; costs the source nothing. */
export async function estimateRows({ session, tables }: HeldSource): Promise<number> {
  const { rows } = await one<{ rows: string }>(session, estimatedRowsSql, [tables.map((table) => String(table.oid))])
  return Number(rows)
}

/** Fails unless the snapshot and its locks were held without a break until now. */
export async function assertStillHeld({ session, snapshot }: HeldSource): Promise<void> {
  try {
    await session.query('COMMIT')
  } catch (cause) {
    throw new Failure(`the session that held the snapshot ${snapshot} is gone`, {
      kind: 'transient',
      subject: 'snapshot',
      hint: 'Nothing was published, because tables may have been rewritten since. Find out what ended the session, and run again.',
      cause,
    })
  }
}

async function describe(session: Session, rows: TableRow[]): Promise<Omit<HeldSource, 'session' | 'snapshot'>> {
  const identity = await one<SourceIdentity>(session, identitySql)
  const { tables, omitted } = chooseTables(rows, identity.standby)
  const sizes = await session.query<{ oid: string; heapBytes: string; toastBytes: string }>(sizesSql, [
    tables.map((table) => String(table.oid)),
  ])
  const sizeByOid = new Map(sizes.map((size) => [Number(size.oid), size]))
  for (const table of tables) {
    const size = sizeByOid.get(table.oid)
    table.heapBytes = Number(size?.heapBytes ?? 0)
    table.toastBytes = Number(size?.toastBytes ?? 0)
  }
  const sequences = await session.query<SequenceRow>(sequencesSql)
  const properties = await one<DatabaseProperties & Record<string, unknown>>(session, databasePropertiesSql(session.versionNum))
  return {
    identity,
    tables,
    sequences: sequences.map(manifestSequence),
    database: withoutNulls(properties),
    omitted: [...omitted, ...(await session.query<Omission>(omissionsSql))],
  }
}

async function readTables(session: Session): Promise<TableRow[]> {
  return await session.query<TableRow>(tablesSql)
}

async function refuseUnreadable(session: Session, tables: TableRow[]): Promise<void> {
  const sequences = await session.query<SequenceRow>(sequencesSql)
  const largeObjects = await session.query<{ oid: string }>(unreadableLargeObjectsSql)
  const problems = readabilityProblems(
    tables,
    sequences,
    largeObjects.map(({ oid }) => oid),
  )
  if (problems.length > 0) throw unreadable(session.settings.user, problems)
}

/** The one row of a query. */
export async function one<Row>(session: Session, sql: string, values?: readonly unknown[]): Promise<Row> {
  const rows = await session.query<Row>(sql, values)
  const row = rows[0]
  if (row === undefined) throw new Error(`one row was expected of: ${sql.trim().slice(0, 80)}`)
  return row
}

function manifestSequence({ schema, name, ownerSchema, ownerTable, ownerColumn }: SequenceRow): ManifestSequence {
  if (ownerSchema === null || ownerTable === null || ownerColumn === null) return { schema, name }
  return { schema, name, owner: { schema: ownerSchema, table: ownerTable, column: ownerColumn } }
}

function withoutNulls<T extends object>(row: T): T {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T
}
