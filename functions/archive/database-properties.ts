import { identifier, literal } from './copy-text.ts'
import type { DatabaseProperties } from './manifest.ts'

/**
 * Statements that give a database the recorded properties: owner's grants, comment, connection limit, settings for all
 * and for single roles. `target` is a quoted identifier, or psql's `:"DBNAME"`. Owner and encoding belong to CREATE
 * DATABASE and are not touched.
 */
export function databasePropertyStatements(properties: DatabaseProperties, target: string): string[] {
  const statements: string[] = []
  if (properties.comment !== undefined) statements.push(`COMMENT ON DATABASE ${target} IS ${literal(properties.comment)};`)
  if (properties.connectionLimit >= 0) {
    statements.push(`ALTER DATABASE ${target} CONNECTION LIMIT ${properties.connectionLimit};`)
  }
  for (const { role, setting, value } of properties.settings) {
    const subject = role === undefined ? `DATABASE ${target}` : `ROLE ${identifier(role)} IN DATABASE ${target}`
    statements.push(`ALTER ${subject} SET ${setting.split('.').map(identifier).join('.')} TO ${settingValue(setting, value)};`)
  }
  if (properties.grants !== undefined) {
    statements.push(`REVOKE ALL ON DATABASE ${target} FROM PUBLIC;`)
    for (const { grantee, privilege, grantable } of properties.grants) {
      const to = grantee === 'PUBLIC' ? 'PUBLIC' : identifier(grantee)
      statements.push(`GRANT ${privilege} ON DATABASE ${target} TO ${to}${grantable ? ' WITH GRANT OPTION' : ''};`)
    }
  }
  return statements
}

/** Settings that hold lists of names are stored with their own quotes; SET takes them as they are (as pg_dump does). */
const listSettings = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

function settingValue(setting: string, value: string): string {
  if (!listSettings.has(setting.toLowerCase())) return literal(value)
  return splitQuotedList(value).map(literal).join(', ') || "''"
}

/** Splits a list of names, plain or double-quoted, at its commas. */
function splitQuotedList(list: string): string[] {
  return [...list.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]+?))\s*(?:,|$)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}
