import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { refuseArchived } from '../archive/archived-files.ts'
import { globalsFile, type SetAddress, schemaFile } from '../archive/keys.ts'
import type { Manifest } from '../archive/manifest.ts'
import { findObjectProblems, readManifest } from '../archive/read-set.ts'
import type { AgeIdentity } from '../platform/encryption/age-identity.ts'
import { Failure, toFailure } from '../platform/failure.ts'
import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { type ClientTools, findClientTools } from '../platform/postgres/client-tools.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { toolEnvironment } from '../platform/postgres/tool-environment.ts'
import { type PrivateDirectory, privateDirectory } from '../platform/process/private-directory.ts'
import { run } from '../platform/process/run.ts'
import { sideBySide } from '../platform/side-by-side.ts'
import { runOnWorkers } from '../platform/workers/run-on-workers.ts'
import { createMissingRoles } from './create-roles.ts'
import { planLoads } from './load-plan.ts'
import type { LoadSetup } from './load-thread.ts'
import { openLoadWorker } from './load-worker.ts'
import { restoreSection } from './restore-section.ts'
import { droppedByName, type Selection, select, useList, type Wanted } from './selection.ts'
import { openContents, type SetContents } from './set-contents.ts'
import { downloadFile, readTocOf } from './set-files.ts'
import { cleanArguments, dropStatements, type Section, type StockOptions } from './stock-restore.ts'
import { applyDatabaseProperties, openTarget, refuseMissingOwners, refuseOccupied } from './target.ts'
import type { TocEntry } from './toc.ts'

export interface RestoreOptions extends StockOptions, Wanted {
  store: StoreSettings
  address: SetAddress
  target: ConnectionSettings
  /** Load workers, and parallel index builds. */
  jobs: number
  /** Drop what the set would create, first. */
  clean: boolean
  /** Create the roles of the set that the target lacks, and their settings. */
  roles: boolean
  /** Opens the set where it is encrypted. */
  identity?: AgeIdentity
  /** Where to look for stock tools: PATH and BALLAST_PG_BIN. */
  env: NodeJS.ProcessEnv
  /** An existing directory for private files, which the caller removes; a temporary one of its own without it. */
  workDirectory?: string
  /** Path of this set's schema.dump, where the caller has fetched and checked it already. */
  archive?: string
  signal?: AbortSignal
  onProgress?: (progress: RestoreProgress) => void
}

export interface RestoreProgress {
  phase: 'schema' | 'rows' | 'indexes'
  /** COPY text loaded, and all of it. */
  doneBytes: number
  totalBytes: number
}

export interface RestoreResult {
  manifest: Manifest
  tables: number
  rows: number
  rawBytes: number
  /** What belongs to the chosen part and could not come along. */
  leftOut: string[]
  secondsByPhase: Record<string, number>
}

/** What the steps of one restore share. */
interface Run {
  options: RestoreOptions
  manifest: Manifest
  contents: SetContents
  session: Session
  tools: ClientTools
  env: Record<string, string>
  archive: string
  toc: TocEntry[]
  selection: Selection
  /** For private files. */
  workDirectory: string
}

/**
 * Restores a set, or a part of one, into a database. Everything that can be known beforehand is checked before the
 * first change: the set is whole, the target is right and empty (or `clean`), the roles exist. Resolves only when every
 * row is in and every index is built; a failure after the first change says that the target is not whole.
 */
export async function restore(options: RestoreOptions): Promise<RestoreResult> {
  const directory = await workDirectoryOf(options)
  const workDirectory = directory.path
  const store = openStore(options.store)
  let session: Session | undefined
  try {
    const manifest = await readManifest(store, options.address, options.signal)
    const contents = await openContents(store, options.address, manifest, options.identity)
    await refuseDamaged(store, options.address, manifest, options.signal)
    await refuseArchived(store, options.address, options.signal)
    session = await openTarget(options.target, manifest, options.signal)
    // All sessions and tools go to the server that answered first.
    const target = session.settings
    const tools = await findClientTools(Math.floor(session.versionNum / 10_000), options.env)
    const { env } = await toolEnvironment(target, workDirectory)
    const archive = options.archive ?? join(workDirectory, schemaFile)
    if (options.archive === undefined) await downloadFile(contents, schemaFile, archive, options.signal)
    const toc = await readTocOf(archive)
    const selection = select(manifest, toc, options)
    const shared = {
      options: { ...options, target },
      manifest,
      contents,
      session,
      tools,
      env,
      archive,
      toc,
      selection,
      workDirectory,
    }
    if (!options.clean) await refuseOccupied(session, selection)
    await prepareRoles(shared, join(workDirectory, globalsFile))
    return await restoreInto(shared)
  } finally {
    await session?.close()
    store.close()
    await directory.dispose()
  }
}

async function workDirectoryOf({ workDirectory }: RestoreOptions): Promise<PrivateDirectory> {
  if (workDirectory === undefined) return await privateDirectory('ballast-restore-')
  return { path: workDirectory, dispose: async () => undefined }
}

async function restoreInto(shared: Run): Promise<RestoreResult> {
  const { options, manifest, selection, session } = shared
  const secondsByPhase: Record<string, number> = {}
  const phase = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const startedMs = Date.now()
    await work()
    secondsByPhase[name] = (Date.now() - startedMs) / 1000
  }
  const totalBytes = selection.tables.reduce((sum, table) => sum + table.rawBytes, 0)
  options.onProgress?.({ phase: 'schema', doneBytes: 0, totalBytes })
  if (options.clean) await phase('drop', () => dropFirst(shared))
  try {
    await phase('schema', () => pgRestore(shared, 'pre-data'))
    await phase('rows', () => loadData(shared, totalBytes))
    options.onProgress?.({ phase: 'indexes', doneBytes: totalBytes, totalBytes })
    await phase('indexes', () => pgRestore(shared, 'post-data'))
    if (selection.dumpIds === undefined) await applyDatabaseProperties(session, manifest, options)
  } catch (error) {
    throw notWhole(toFailure(error, options.target.database), options.target.database)
  }
  return {
    manifest,
    tables: selection.tables.length,
    rows: selection.tables.reduce((sum, table) => sum + table.rows, 0),
    rawBytes: totalBytes,
    leftOut: selection.leftOut,
    secondsByPhase,
  }
}

/** What a failure after the first change leaves behind, said with it. */
function notWhole(failure: Failure, database: string): Failure {
  const { kind, subject, hint, code, message } = failure
  return new Failure(`${message}; the target database "${database}" is not whole`, {
    kind,
    subject,
    hint: `${hint} What is in the target now is only a part: restore again, into a new database or with --clean.`,
    ...(code === undefined ? {} : { code }),
    cause: failure,
  })
}

/** The rows in units, and beside them what the archive itself holds of rows. */
async function loadData(shared: Run, totalBytes: number): Promise<void> {
  const { signal, target } = shared.options
  await sideBySide(signal, target.database, (either) => {
    const stoppable = { ...shared, options: { ...shared.options, signal: either } }
    return [loadRows(stoppable, totalBytes), pgRestore(stoppable, 'data')]
  })
}

/** Fails when the store does not hold what the manifest names; the contents are checked when they are read. */
async function refuseDamaged(store: ObjectStore, address: SetAddress, manifest: Manifest, signal?: AbortSignal): Promise<void> {
  const problems = await findObjectProblems(store, address, manifest, signal)
  if (problems.length === 0) return
  const named = problems.slice(0, 5).map(({ file, problem }) => `${file} ${problem}`)
  throw new Failure(`set ${address.set} is not whole: ${named.join('; ')}${problems.length > 5 ? '; ...' : ''}`, {
    kind: 'permanent',
    subject: address.set,
    hint: 'Restore from another copy of this set, or from another set; nothing was changed.',
    code: 'DAMAGED',
  })
}

/** Roles come first: an object whose owner is missing would stop the restore in the middle. */
async function prepareRoles(shared: Run, globals: string): Promise<void> {
  const { options, session, contents, toc, selection } = shared
  if (options.roles) {
    await downloadFile(contents, globalsFile, globals, options.signal)
    await createMissingRoles(session, await readFile(globals, 'utf8'))
  }
  if (options.noOwner) return
  await refuseMissingOwners(
    session,
    toc.filter((entry) => selection.dumpIds?.has(entry.dumpId) !== false),
  )
}

/** In one transaction, so that a target that cannot be cleaned stays as it was. */
async function dropFirst({ options, tools, env, archive, toc, selection, workDirectory, session }: Run): Promise<void> {
  const list = join(workDirectory, 'clean.list')
  await writeFile(list, useList(toc, droppedByName(toc, selection)))
  const script = await run({
    command: tools.pgRestore,
    args: cleanArguments(archive, list, options),
    env,
    ...(options.signal && { signal: options.signal }),
  })
  await session.query(`BEGIN; ${dropStatements(script.stdout)}; COMMIT`)
}

async function pgRestore({ options, tools, selection, ...rest }: Run, section: Section): Promise<void> {
  const { target, jobs, signal } = options
  const where = { pgRestore: tools.pgRestore, dumpIds: selection.dumpIds, database: target.database }
  await restoreSection({ ...rest, ...where, jobs, options, signal }, section)
}

async function loadRows({ options, manifest, contents, selection }: Run, totalBytes: number): Promise<void> {
  let doneBytes = 0
  const { encryption } = manifest
  const setup: LoadSetup = {
    target: options.target,
    databaseEncoding: manifest.databaseProperties.encoding,
    role: options.role,
    store: options.store,
    address: options.address,
    stored: { files: manifest.files, units: manifest.units, ...(encryption && { encryption }) },
    identity: options.identity?.reveal(),
  }
  const progress = (bytes: number): void => {
    doneBytes += bytes
    options.onProgress?.({ phase: 'rows', doneBytes, totalBytes })
  }
  await runOnWorkers(planLoads(selection.tables, manifest.units), {
    workers: options.jobs,
    open: (signal) => openLoadWorker({ ...setup, contents, signal, progress }),
    furtherThreads: { module: new URL('./load-thread.ts', import.meta.url), setup, progress },
    subject: options.target.database,
    ...(options.signal && { signal: options.signal }),
  })
}
