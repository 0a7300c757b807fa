import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { globalsFile, type SetAddress, schemaFile } from '../archive/keys.ts'
import type { Manifest } from '../archive/manifest.ts'
import { createdRoles, roleStatements } from '../archive/role-statements.ts'
import type { AgeIdentity } from '../platform/encryption/age-identity.ts'
import { Failure } from '../platform/failure.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { toolEnvironment } from '../platform/postgres/tool-environment.ts'
import { createMissingRoles } from '../restore/create-roles.ts'
import { type RestoreProgress, restore } from '../restore/restore.ts'
import { restoreSection } from '../restore/restore-section.ts'
import { openContents } from '../restore/set-contents.ts'
import { downloadFile, readTocOf } from '../restore/set-files.ts'
import type { TocEntry } from '../restore/toc.ts'
import type { RestoredSet } from './compare.ts'
import { isUnrestorable } from './damage.ts'
import { connectionTo, createLike } from './databases.ts'
import { refuseMissingExtensions } from './extensions.ts'
import { atPlace, inWorkplace, type Place, type PlaceOptions } from './place.ts'
import { replayRoles } from './replay-roles.ts'
import { toolsFrom } from './scratch-tools.ts'

export interface RestoreToCompare extends PlaceOptions {
  store: ObjectStore
  storeSettings: StoreSettings
  address: SetAddress
  /** Opens the set where it is encrypted. */
  identity?: AgeIdentity
  onProgress?: (progress: RestoreProgress) => void
}

/** The restored set, with what the restoring has to say. */
export interface RestoredHere extends RestoredSet {
  notes: string[]
  serverVersion: string
}

/**
 * Restores a whole set, with its roles, into a new database on a scratch server or on the target, hands it over, and
 * removes all of it afterwards.
 */
export async function withRestored<T>(options: RestoreToCompare, use: (restored: RestoredHere) => Promise<T>): Promise<T> {
  return await inWorkplace(options, async (workplace) => {
    const archive = join(workplace.files, schemaFile)
    const globals = join(workplace.files, globalsFile)
    const contents = await openContents(options.store, options.address, options.manifest, options.identity)
    await downloadFile(contents, schemaFile, archive, options.signal)
    await downloadFile(contents, globalsFile, globals, options.signal)
    const toc = await readTocOf(archive)
    const globalsText = await readFile(globals, 'utf8')
    return await atPlace(options, workplace, globalsText, async (place) => {
      await refuseMissingExtensions(place.session, toc)
      return await use(await restoreAt(place, options, { archive, globals, globalsText, toc }))
    })
  })
}

interface Files {
  archive: string
  globals: string
  globalsText: string
  toc: TocEntry[]
}

async function restoreAt(place: Place, options: RestoreToCompare, files: Files): Promise<RestoredHere> {
  const { manifest, address, jobs, env, signal } = options
  const { session, tools, workDirectory, kind } = place
  const foreignRoles = await provideRoles(place, files, signal)
  const owner = kind === 'scratch' ? manifest.databaseProperties.owner : undefined
  const name = kind === 'scratch' ? scratchName(address.database) : `ballast_verify_${randomBytes(6).toString('hex')}`
  place.madeDatabases.push(name)
  const { note } = await createLike(session, name, manifest.databaseProperties, owner)
  const connection = connectionTo(session.settings, name)
  const restoring = restore({
    store: options.storeSettings,
    address,
    target: connection,
    jobs,
    clean: false,
    roles: false,
    noOwner: false,
    noPrivileges: false,
    noTablespaces: true,
    schemas: [],
    tables: [],
    env: toolsFrom(tools.directory, env),
    workDirectory,
    archive: files.archive,
    ...(signal && { signal }),
    ...(options.identity && { identity: options.identity }),
    ...(options.onProgress && { onProgress: options.onProgress }),
  })
  await restoring.catch((error: unknown) => {
    throw note !== undefined && isUnrestorable(error) ? otherLocale(error, note) : error
  })
  const [version] = await session.query<{ version: string }>(`SELECT current_setting('server_version') AS version`)
  let schemaOnly: Promise<string> | undefined
  return {
    ...{ manifest, connection, tools, workDirectory, jobs, kind, foreignRoles },
    ...{ archive: files.archive, globals: files.globals, toc: files.toc },
    sameLocale: note === undefined,
    restoreSchema: () => {
      schemaOnly ??= restoreSchema(place, manifest, files, { name: `${name}_schema`, owner, jobs, signal })
      return schemaOnly
    },
    notes: note === undefined ? [] : [note],
    serverVersion: version?.version ?? 'unknown',
  }
}

/** What another sort order refuses says nothing of the set. */
export function otherLocale(cause: Failure, note: string): Failure {
  return new Failure(`this set cannot be verified here: ${note}; ${cause.message}`, {
    kind: 'config',
    subject: cause.subject,
    hint: 'Install the locale of the source (Debian: dpkg-reconfigure locales), then verify again.',
    code: 'LOCALE_MISSING',
    cause,
  })
}

/** A name that a new server does not have yet; otherwise the source's own. */
function scratchName(database: string): string {
  return ['postgres', 'template0', 'template1'].includes(database) ? `${database}_verify` : database
}

/**
 * Creates the set's roles; on a server that stays, only those that it lacks. Returns the roles that are not the set's to
 * say anything about.
 */
async function provideRoles(
  { kind, session, tools, workDirectory, madeRoles }: Place,
  { globals, globalsText }: Files,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  if (kind === 'scratch') {
    const { env, dispose } = await toolEnvironment(session.settings, workDirectory)
    await replayRoles({ psql: tools.psql, env, globals, database: session.settings.database, signal })
    await dispose()
    return createdRoles(roleStatements(globalsText)).includes(session.settings.user)
      ? new Set()
      : new Set([session.settings.user])
  }
  const there = await session.query<{ name: string }>('SELECT rolname AS name FROM pg_roles')
  madeRoles.push(...(await createMissingRoles(session, globalsText)))
  return new Set(there.map(({ name }) => name))
}

/** A second database with the set's schema and none of its rows. */
export async function restoreSchema(
  place: Pick<Place, 'session' | 'tools' | 'workDirectory' | 'madeDatabases'>,
  manifest: Manifest,
  { archive, toc }: Pick<Files, 'archive' | 'toc'>,
  { name, owner, jobs, signal }: { name: string; owner: string | undefined; jobs: number; signal: AbortSignal | undefined },
): Promise<string> {
  const { session, tools, workDirectory } = place
  place.madeDatabases.push(name)
  await createLike(session, name, manifest.databaseProperties, owner)
  const wanted = toc.filter(({ type, tag }) => !/^(BLOB|MATERIALIZED VIEW DATA)/.test(type) && !tag.startsWith('LARGE OBJECT'))
  const { env, dispose } = await toolEnvironment(connectionTo(session.settings, name), workDirectory)
  const dumpIds = new Set(wanted.map(({ dumpId }) => dumpId))
  const options = { noOwner: false, noPrivileges: false, noTablespaces: true }
  const shared = {
    pgRestore: tools.pgRestore,
    env,
    archive,
    toc,
    dumpIds,
    database: name,
    workDirectory,
    jobs,
    options,
    signal,
  }
  for (const section of ['pre-data', 'post-data'] as const) await restoreSection(shared, section)
  await dispose()
  return name
}
