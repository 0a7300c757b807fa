import type { Manifest, ManifestTable } from '../../../functions/archive/manifest.ts'
import { openPreparedSession } from '../../../functions/platform/postgres/prepared-session.ts'
import type { ConnectionSettings } from '../../../functions/platform/postgres/settings.ts'
import { Findings } from '../../../functions/verify/findings.ts'
import { compareRows } from '../../../functions/verify/rows.ts'
import type { DrillScene } from '../drill.ts'
import { onPrimary } from '../drill-rows.ts'

/** A set that was restored, and what is known of the drill's own table. */
export interface Recovered {
  manifest: Manifest
  /** The restored database. */
  connection: ConnectionSettings
  table: string
  /** Rows that it had before the set was made; they are numbered from 1. */
  rowsBefore: number
  /** The last one that came back. */
  recovered: number
}

/**
 * Compares every row of the restored database with what the backup recorded of the source, table by table, and counts what
 * was written since: that is what a loss would have cost.
 */
export async function compareRecovered(scene: DrillScene, recovered: Recovered): Promise<void> {
  const { record, signal } = scene
  const { manifest, connection, table, rowsBefore } = recovered
  const findings = new Findings()
  const session = await openPreparedSession(connection, { applicationName: 'ballast drill', signal }, (fresh) =>
    fresh.query(`SELECT set_config('search_path', '', false)`),
  )
  try {
    const { rows } = await compareRows({ manifest, session, connection, jobs: 2, signal, onRead: () => undefined }, findings)
    record.measure('rowsCompared', { value: rows, unit: 'count', samples: rows })
    record.measure('tablesDifferent', {
      ...{ value: findings.total, unit: 'count', samples: manifest.tables.length },
      limit: { is: 'exactly', value: 0, from: 'drill' },
    })
  } finally {
    await session.close()
  }
  record.table('tablesCompared', ['subject', 'rows', 'finding'], comparedRows(manifest.tables, findings.list))
  if (recovered.recovered < rowsBefore) {
    record.finding(`Of ${rowsBefore} rows that were there before the backup, the last that came back is ${recovered.recovered}`)
  }
  const [row] = await onPrimary(scene, 'direct', (own) =>
    own.query<{ count: string }>(`SELECT count(*) FROM ${table} WHERE id > ${recovered.recovered}`),
  )
  record.measure('rowsAfterSnapshot', { value: Number(row?.count), unit: 'count' })
}

/** One row of evidence for each table of a set, and for what is wrong beyond them. */
export function comparedRows(
  tables: readonly Pick<ManifestTable, 'schema' | 'name' | 'rows'>[],
  findings: readonly { subject: string; problem: string }[],
): (string | number)[][] {
  const problemOf = (subject: string): string | undefined => findings.find((one) => one.subject === subject)?.problem
  const named = tables.map(({ schema, name, rows }) => ({ subject: `table ${schema}.${name}`, rows }))
  const others = findings.filter(({ subject }) => !named.some((one) => one.subject === subject))
  return [
    ...named.map(({ subject, rows }) => [subject, rows, problemOf(subject) ?? 'equal']),
    ...others.map(({ subject, problem }) => [subject, '', problem]),
  ]
}
