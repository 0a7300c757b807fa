import type { Cluster } from '../../config/cluster.ts'
import { configFailure } from './config-failure.ts'

interface DatabaseOptions {
  database?: string
  withoutDatabase?: boolean
  sandbox?: boolean
}

/** The database of a definition that pgbench works in; undefined where none of its databases is touched. */
export function loadtestDatabase(
  { databases }: Cluster,
  { database, withoutDatabase = false, sandbox = false }: DatabaseOptions,
): string | undefined {
  const known = `The definition has: ${databases.map(({ name }) => name).join(', ')}.`
  if (withoutDatabase && database !== undefined) {
    throw configFailure('--database and --without-database exclude each other', '--database', 'Give one of them.')
  }
  if (sandbox && database !== undefined) {
    throw configFailure('a sandbox has a database of its own', '--database', 'Leave --database out, or --sandbox.')
  }
  if (withoutDatabase || sandbox) return undefined
  if (database === undefined && databases.length > 1) {
    throw configFailure(
      'the definition has several databases',
      '--database',
      `Name the one that pgbench is to work in. ${known}`,
    )
  }
  const chosen = database === undefined ? databases[0] : databases.find(({ name }) => name === database)
  if (chosen === undefined) throw configFailure(`the definition has no database "${database}"`, '--database', known)
  return chosen.name
}
