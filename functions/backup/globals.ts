import { databasePropertyStatements } from '../archive/database-properties.ts'
import type { DatabaseProperties } from '../archive/manifest.ts'

/**
 * What globals.sql holds after the roles: the database's own properties, as psql statements on the database that psql
 * is connected to, so that the set restores under any name.
 */
export function globalsTrailer(properties: DatabaseProperties): Uint8Array {
  const statements = databasePropertyStatements(properties, ':"DBNAME"')
  return Buffer.from(['', '-- Properties of the database; run while connected to the restored one.', ...statements, ''].join('\n'))
}
