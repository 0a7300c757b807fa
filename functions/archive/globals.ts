import { databasePropertyStatements } from './database-properties.ts'
import type { DatabaseProperties } from './manifest.ts'

/** The line in globals.sql where the roles end and the database's own properties begin. */
export const propertiesMarker = '-- Properties of the database; run while connected to the restored one.'

/**
 * What globals.sql holds after the roles: the database's own properties, as psql statements on the database that psql
 * is connected to, so that the set restores under any name.
 */
export function globalsTrailer(properties: DatabaseProperties): Uint8Array {
  return Buffer.from(['', propertiesMarker, ...databasePropertyStatements(properties, ':"DBNAME"'), ''].join('\n'))
}

/** The roles of a globals.sql, without the database's properties, which belong at the end of a restore. */
export function rolesPart(globals: string): string {
  const end = globals.lastIndexOf(`\n${propertiesMarker}\n`)
  return end === -1 ? globals : globals.slice(0, end + 1)
}
