import { randomUUID } from 'node:crypto'
import { identifier } from '../archive/copy-text.ts'
import { databaseArgument } from '../platform/postgres/tool-environment.ts'
import { namePattern } from './name-pattern.ts'
import type { SourceTable } from './source-tables.ts'

/** Names per pattern: keeps one argument under the kernel's 128 KiB whatever the names, and the number of catalogue scans small. */
const namesPerPattern = 400

/** What the pg_dump of a run is told. */
export interface SchemaDump {
  database: string
  snapshot: string
  tables: readonly SourceTable[]
  lockWaitSeconds: number
}

/**
 * Arguments of the pg_dump that stores everything but the copied rows: in the run's snapshot, custom format, to stdout.
 * Host, user and the like come from the environment.
 */
export function schemaDumpArguments({ database, snapshot, tables, lockWaitSeconds }: SchemaDump): string[] {
  return [
    `--dbname=${databaseArgument(database)}`,
    '--format=custom',
    '--compress=1',
    '--no-password',
    `--snapshot=${snapshot}`,
    `--lock-wait-timeout=${Math.max(1, Math.round(lockWaitSeconds * 1000))}`,
    ...exclusions(tables).map((pattern) => `--exclude-table-data=${pattern}`),
  ]
}

/** Arguments of the pg_dumpall that stores the roles. Tablespaces are left out: their directories belong to one machine. */
export function globalsArguments(database: string, withPasswords: boolean): string[] {
  return [
    '--roles-only',
    '--no-password',
    `--database=${databaseArgument(database)}`,
    ...(withPasswords ? [] : ['--no-role-passwords']),
  ]
}

/**
 * Patterns that match exactly the tables whose rows the units hold. One pattern takes many names of a schema: inside a
 * pattern whatever is quoted is literal, and what is not is a regular expression.
 */
function exclusions(tables: readonly SourceTable[]): string[] {
  const bySchema = new Map<string, string[]>()
  for (const table of tables) {
    if (table.leftToPgDump !== undefined) continue
    const names = bySchema.get(table.schema) ?? []
    names.push(table.name)
    bySchema.set(table.schema, names)
  }
  const patterns: string[] = []
  for (const [schema, names] of bySchema) {
    for (let start = 0; start < names.length; start += namesPerPattern) {
      patterns.push(`${identifier(schema)}.${namePattern(names.slice(start, start + namesPerPattern))}`)
    }
  }
  return patterns
}

/** How whole output of a tool begins and ends, as bytes in Latin-1; its exit code alone is not believed. */
export interface OutputShape {
  begin: string
  end: string
}

export const customArchiveShape: OutputShape = { begin: 'PGDMP', end: '' }
export const globalsShape: OutputShape = {
  begin: '--\n-- PostgreSQL database cluster dump\n',
  end: '-- PostgreSQL database cluster dump complete\n--\n\n',
}

/** Lines in which a stock tool says that it left something out or changed it. */
export function warningLines(stderr: string): string[] {
  return stderr.split('\n').filter((line) => /\bwarning:/.test(line))
}

/** A random run id, where no schedule gives one. */
export function randomRun(): string {
  return randomUUID().slice(0, 8)
}
