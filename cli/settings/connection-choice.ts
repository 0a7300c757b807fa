import type { Cluster, Database } from '../../config/cluster.ts'
import type { DirectConnection } from '../../config/derive.ts'
import type { ScopeOptions } from '../options.ts'
import { configFailure } from './config-failure.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A database to connect to, before passwords are looked up. */
export interface DatabaseChoice {
  /** Its name, where it is known before the connection is resolved. */
  name?: string
  /** `given`: a connection string, or undefined for what the PG* variables say; `defined`: as the definition has it. */
  connection: { type: 'given'; input: string | undefined } | { type: 'defined'; name: string; direct: DirectConnection }
}

/** What decides which databases a command works on. */
export interface DatabaseOptions extends ScopeOptions {
  url?: string
  all?: boolean
}

const where = 'Give --url postgresql://..., set DATABASE_URL or the PG* variables, or name a definition with --config.'
const pgVariables = ['PGSERVICE', 'PGDATABASE', 'PGHOST', 'PGHOSTADDR']

/**
 * The databases that the options point to: --url, else the definition, else DATABASE_URL or the PG* variables.
 *
 * @throws Failure of kind `config` unless the choice is clear.
 */
export function chooseDatabases(options: DatabaseOptions, definition: Cluster | undefined, env: Environment): DatabaseChoice[] {
  const { url, all = false, database } = options
  if (all && url !== undefined) throw configFailure('--all and --url exclude each other', '--all', 'Give one of them.')
  if (all && database !== undefined)
    throw configFailure('--all and --database exclude each other', '--all', 'Give one of them.')
  if (url !== undefined) return [{ ...named(database), connection: { type: 'given', input: url } }]
  if (definition !== undefined) return definedDatabases(definition, all, database)
  if (all) throw configFailure('--all takes the databases of a definition, and there is none', '--all', where)
  if (!isDatabaseNamed(options, definition, env)) {
    throw configFailure('no database is named, and there is no definition', '--url', where)
  }
  return [{ ...named(database), connection: { type: 'given', input: env.DATABASE_URL || undefined } }]
}

/** Whether anything says which database is meant; what is never guessed is a local server of the user's own name. */
export function isDatabaseNamed({ url }: DatabaseOptions, definition: Cluster | undefined, env: Environment): boolean {
  return url !== undefined || definition !== undefined || ['DATABASE_URL', ...pgVariables].some((name) => env[name])
}

function definedDatabases({ databases }: Cluster, all: boolean, database: string | undefined): DatabaseChoice[] {
  const known = `The definition has: ${databases.map(({ name }) => name).join(', ')}.`
  if (all) {
    const chosen = databases.filter(({ backup }) => backup)
    if (chosen.length > 0) return chosen.map(definedChoice)
    throw configFailure('every database of the definition has `backup: false`', '--all', known)
  }
  if (database === undefined && databases.length > 1) {
    throw configFailure('the definition has several databases', 'databases', `Add --database NAME, or --all. ${known}`)
  }
  const chosen = database === undefined ? databases[0] : databases.find(({ name }) => name === database)
  if (chosen === undefined) throw configFailure(`the definition has no database "${database}"`, '--database', known)
  return [definedChoice(chosen)]
}

function definedChoice({ name, connection }: Database): DatabaseChoice {
  // The definition is frozen all through; nothing here writes to it.
  return { name, connection: { type: 'defined', name, direct: connection as DirectConnection } }
}

function named(database: string | undefined): { name?: string } {
  return database === undefined ? {} : { name: database }
}
