import { readFile } from 'node:fs/promises'
import type { Manifest } from '../archive/manifest.ts'
import { Failure } from '../platform/failure.ts'
import type { ClientTools } from '../platform/postgres/client-tools.ts'
import { openPreparedSession } from '../platform/postgres/prepared-session.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { toolEnvironment } from '../platform/postgres/tool-environment.ts'
import { sideBySide } from '../platform/side-by-side.ts'
import type { TocEntry } from '../restore/toc.ts'
import type { Findings } from './findings.ts'
import { checkIndexes } from './indexes.ts'
import { compareProperties, compareTrailer, localeProperties, ownedProperties, portableProperties } from './properties.ts'
import { type Compared, nothingCompared } from './report.ts'
import { compareRoles } from './roles.ts'
import { compareRows } from './rows.ts'
import { compareSchema } from './schema.ts'
import { compareSequences } from './sequences.ts'

/** A set in restored form, and what it is compared with. */
export interface RestoredSet {
  manifest: Manifest
  /** The restored database, as a superuser where there is one. */
  connection: ConnectionSettings
  tools: ClientTools
  /** Paths of the set's schema.dump and globals.sql, and the table of contents of the former. */
  archive: string
  globals: string
  toc: readonly TocEntry[]
  /** An existing directory for private files. */
  workDirectory: string
  jobs: number
  kind: 'scratch' | 'target'
  /** The source's locale was there. */
  sameLocale: boolean
  /** Roles that were there before. */
  foreignRoles: ReadonlySet<string>
  /** A schema in the restored database that is not the set's; see `ledgerSchema`. */
  ledgerSchema?: string
  /** The name of a database with the set's schema and none of its rows; made when it is first asked for. */
  restoreSchema(): Promise<string>
}

/** What a comparison has to say beside its findings. */
export interface Comparison {
  compared: Omit<Compared, 'files'>
  notChecked: string[]
  notes: string[]
}

export interface CompareOptions {
  /** Whether pg_amcheck walks the indexes; it does where this is left out. */
  amcheck?: boolean
  /** Tables whose rows are compared by digest, by their places in the manifest; all where it is left out. */
  digests?: ReadonlySet<number>
  signal?: AbortSignal
  onRead?: (bytes: number) => void
}

/**
 * Compares a restored set with what the set says: rows, large objects, schema, sequences, roles, the database's own
 * properties, and every index with its table. Differences become findings; only what prevents the comparison throws.
 */
export async function compareRestored(
  restored: RestoredSet,
  findings: Findings,
  { amcheck = true, digests, signal, onRead = () => undefined }: CompareOptions = {},
): Promise<Comparison> {
  const { env, dispose } = await toolEnvironment(restored.connection, restored.workDirectory)
  const { manifest, connection, jobs } = restored
  try {
    const [rows, rest] = await sideBySide(signal, connection.database, (both) => [
      withSession(connection, both, (session) =>
        compareRows({ manifest, session, connection, jobs, signal: both, onRead, ...(digests && { digests }) }, findings),
      ),
      withSession(connection, both, (session) => compareTheRest(restored, { session, env, amcheck, signal: both }, findings)),
    ])
    const compared = { ...rest.compared, ...rows }
    if (manifest.tables.length > 0 && compared.tables === 0 && findings.total === 0) throw nothingRead(connection.database)
    return { ...rest, compared }
  } finally {
    await dispose()
  }
}

async function withSession<T>(
  connection: ConnectionSettings,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openPreparedSession(connection, { applicationName: 'ballast verify', signal }, (fresh) =>
    fresh.query(`SELECT set_config('search_path', '', false)`),
  )
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

/** The definitions first, because the check of the indexes adds to them. */
async function compareTheRest(
  restored: RestoredSet,
  { session, env, amcheck, signal }: Work & { amcheck: boolean },
  findings: Findings,
): Promise<Comparison> {
  const { tools, jobs } = restored
  const definitions = await compareDefinitions(restored, { session, env, signal }, findings)
  const { indexes, notChecked, note } = await checkIndexes({ tools, env, session, jobs, amcheck, signal }, findings)
  return {
    compared: { ...definitions.compared, indexes },
    notChecked: notChecked === undefined ? [] : [notChecked],
    notes: [...definitions.notes, ...(note === undefined ? [] : [note])],
  }
}

interface Work {
  session: Session
  env: Record<string, string>
  signal: AbortSignal
}

/** Compares what is neither rows nor indexes: schema, sequences, roles, and the database's own properties. */
export async function compareDefinitions(
  restored: RestoredSet,
  { session, env, signal }: Work,
  findings: Findings,
): Promise<Pick<Comparison, 'compared' | 'notes'>> {
  const { manifest, tools, archive, toc, workDirectory, connection, kind, ledgerSchema } = restored
  const { database } = connection
  const notes: string[] = []
  const sameVersion = Number.parseInt(manifest.tools.pgDump, 10) === tools.major && sameMajor(session, manifest)
  if (!sameVersion) notes.push(otherVersion(manifest, tools))
  const restoreSchema = (): Promise<string> => restored.restoreSchema()
  const schema = { tools, env, archive, database, restoreSchema, sameVersion, signal, ...(ledgerSchema && { ledgerSchema }) }
  const schemaEntries = await compareSchema(schema, findings)
  const sequences = await compareSequences(
    { manifest, tools, env, archive, toc, workDirectory, session, signal },
    findings,
    notes,
  )
  const globals = await readFile(restored.globals, 'utf8')
  if (kind === 'target') notes.push("roles that the target server had before were not compared: they are not the set's")
  const roles = { tools, env, database, globals, ignored: restored.foreignRoles, sameGrantors: kind === 'scratch', sameVersion }
  const roleStatements = await compareRoles({ ...roles, signal }, findings)
  compareTrailer(globals, manifest, findings)
  const fields = [
    ...portableProperties,
    ...(kind === 'scratch' ? ownedProperties : []),
    ...(restored.sameLocale ? localeProperties : []),
  ]
  const databaseProperties = await compareProperties(session, manifest.databaseProperties, fields, findings)
  return { compared: { ...nothingCompared, schemaEntries, sequences, roleStatements, databaseProperties }, notes }
}

function sameMajor(session: Session, { source }: Manifest): boolean {
  return Math.floor(session.versionNum / 10_000) === Math.floor(source.versionNum / 10_000)
}

function otherVersion({ tools, summary }: Manifest, ours: ClientTools): string {
  return (
    `the set is of PostgreSQL ${summary.serverVersion} by pg_dump ${tools.pgDump}, and was compared by ${ours.version}: ` +
    'of schema and roles the names were compared, not the definitions, which versions write differently'
  )
}

export function nothingRead(database: string): Failure {
  return new Failure('no table was compared although the set has tables', {
    kind: 'bug',
    subject: database,
    hint: 'This is a defect in Ballast: keep the log of this run and report it. Nothing was proven.',
  })
}
