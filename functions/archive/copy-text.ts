/**
 * How COPY text of format 1 is written and read: both sides pin the same settings, so that the text means the same
 * values under any server's configuration, and equal values give equal text (which the row digest relies on).
 * The list is pg_dump's own (`setup_connection` in pg_dump.c) plus what it leaves to the server: TimeZone, lc_monetary.
 */
export function copyTextSettings(databaseEncoding: string): Record<string, string> {
  return {
    client_encoding: copyEncoding(databaseEncoding),
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'postgres',
    TimeZone: 'UTC',
    extra_float_digits: '3',
    bytea_output: 'hex',
    lc_monetary: 'C',
    xmloption: 'content',
    array_nulls: 'on',
    search_path: '',
    row_security: 'off',
  }
}

/** UTF8, except that a SQL_ASCII database holds bytes of no known encoding, which only SQL_ASCII passes on unchecked. */
export function copyEncoding(databaseEncoding: string): string {
  return databaseEncoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8'
}

/** One SELECT that applies settings to the session; values are literals, so none can be taken for SQL. */
export function applySettings(settings: Readonly<Record<string, string>>): string {
  const calls = Object.entries(settings).map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, false)`)
  return `SELECT ${calls.join(', ')}`
}

/** A quoted identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A quoted string literal that no setting of the server changes the meaning of. */
export function literal(value: string): string {
  const quoted = `'${value.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`
  return value.includes('\\') ? `E${quoted}` : quoted
}

/** `"schema"."table"`. */
export function qualified(relation: { schema: string; name: string }): string {
  return `${identifier(relation.schema)}.${identifier(relation.name)}`
}

/** A parenthesised column list, empty for a table without columns that COPY carries. */
export function columnList(columns: readonly string[]): string {
  return columns.length === 0 ? '' : ` (${columns.map(identifier).join(', ')})`
}
