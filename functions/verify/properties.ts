import { databasePropertiesSql } from '../archive/database-sql.ts'
import type { DatabaseProperties } from '../archive/manifest.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { Findings } from './findings.ts'

/** The properties of the restored database itself; `fields` names those that can be compared here. Returns their number. */
export async function compareProperties(
  session: Session,
  expected: DatabaseProperties,
  fields: readonly (keyof DatabaseProperties)[],
  findings: Findings,
): Promise<number> {
  const [row] = await session.query<Record<string, unknown>>(databasePropertiesSql(session.versionNum))
  for (const field of fields) {
    const [should, is] = [inOneOrder(expected[field]), inOneOrder(row?.[field])]
    if (should !== is) findings.add(`database property ${field}`, 'differs from the backup', { expected: should, actual: is })
  }
  return fields.length
}

/** A value as text, lists in one order and absent as null. */
function inOneOrder(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value ?? null)
  const items = value.map((item) => JSON.stringify(item, Object.keys(item as object).sort()))
  return `[${items.sort().join(', ')}]`
}

/** What every server can give a database. */
export const portableProperties = ['encoding', 'comment', 'connectionLimit', 'settings'] as const
/** What needs the source's roles. */
export const ownedProperties = ['owner', 'grants'] as const
/** What needs the source's locales. */
export const localeProperties = ['collate', 'ctype', 'localeProvider', 'locale'] as const
