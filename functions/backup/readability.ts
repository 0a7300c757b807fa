import { Failure } from '../platform/failure.ts'
import type { TableRow } from './source-tables.ts'

const maxNamed = 20

/** Everything the backup role cannot read, in words; empty when all is well. */
export function readabilityProblems(
  tables: readonly TableRow[],
  sequences: readonly { schema: string; name: string; readable: boolean }[],
  largeObjects: readonly string[],
): string[] {
  return [
    ...tables.filter((table) => !table.readable).map((table) => `table ${table.schema}.${table.name}: no SELECT`),
    ...tables
      .filter((table) => table.readable && table.filtered)
      .map((table) => `table ${table.schema}.${table.name}: row security would hide rows (BYPASSRLS is needed)`),
    ...sequences
      .filter((sequence) => !sequence.readable)
      .map((sequence) => `sequence ${sequence.schema}.${sequence.name}: no SELECT`),
    ...largeObjects.map((oid) => `large object ${oid}: no SELECT`),
  ]
}

/** The Failure that names them. */
export function unreadable(role: string, problems: readonly string[]): Failure {
  const named = problems.slice(0, maxNamed).join('; ')
  const more = problems.length > maxNamed ? `; and ${problems.length - maxNamed} more` : ''
  return new Failure(`role "${role}" cannot read all of the database: ${named}${more}`, {
    kind: 'permanent',
    subject: `role ${role}`,
    hint: 'Grant what is missing (docs/backup-role.sql has the statements), then run again; nothing was written.',
    code: '42501',
  })
}
