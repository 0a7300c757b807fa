import { databasePropertiesSql } from '../archive/database-sql.ts'
import { globalsTrailer } from '../archive/globals.ts'
import type { DatabaseProperties, Manifest } from '../archive/manifest.ts'
import { ballastVersion } from '../archive/version.ts'
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

/** The set says the same of the database twice: in the manifest, and as statements at the end of globals.sql. */
export function compareTrailer(globals: string, { ballast, databaseProperties }: Manifest, findings: Findings): void {
  // Another version may word the statements otherwise.
  if (ballast !== ballastVersion || globals.endsWith(Buffer.from(globalsTrailer(databaseProperties)).toString('utf8'))) return
  findings.add('globals.sql', 'says otherwise of the database itself than the manifest')
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
