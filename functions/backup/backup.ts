import { globalsTrailer } from '../archive/globals.ts'
import { globalsFile, type SetAddress, schemaFile, setPrefix } from '../archive/keys.ts'
import type { Manifest } from '../archive/manifest.ts'
import { formatSetName } from '../archive/set-name.ts'
import { type ContentStore, contentStore } from '../platform/encryption/content-store.ts'
import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import { type ClientTools, clientToolsOf, findCandidates } from '../platform/postgres/client-tools.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { toolEnvironment } from '../platform/postgres/tool-environment.ts'
import { privateDirectory } from '../platform/process/private-directory.ts'
import { sideBySide } from '../platform/side-by-side.ts'
import { runOnWorkers } from '../platform/workers/run-on-workers.ts'
import { assembleManifest } from './assemble.ts'
import type { CopySetup } from './copy-thread.ts'
import type { TaskResult } from './copy-unit.ts'
import { inSnapshot, openCopyWorker } from './copy-worker.ts'
import { type PlannedTask, planTasks, workerTables } from './plan.ts'
import { publish } from './publish.ts'
import { assertStillHeld, estimateRows, type HeldSource, holdSource } from './source.ts'
import type { SourceTable } from './source-tables.ts'
import { explainOnStandby } from './standby.ts'
import { customArchiveShape, globalsArguments, globalsShape, randomRun, schemaDumpArguments } from './stock-dump.ts'
import { dumpToStore } from './store-dump.ts'

export interface BackupOptions {
  connection: ConnectionSettings
  store: StoreSettings
  /** Name under which the cluster's sets are kept. */
  cluster: string
  /** The slot that this run is for, as set names have it: no two sets are ever published for one. A random id without it. */
  run?: string
  /** Copy workers: each has a connection of its own. */
  workers: number
  /** zstd level of the rows, 1 to 19. */
  compressionLevel: number
  /** How long to wait for a table that somebody keeps exclusively. */
  lockWaitSeconds: number
  /** Store password verifiers with the roles; needs a superuser. */
  rolePasswords: boolean
  /** Where to look for stock tools: PATH and BALLAST_PG_BIN. */
  env: NodeJS.ProcessEnv
  /** Asked when the source is known and nothing is copied yet; throws to refuse. Told about how many rows there are, and their size on disk. */
  admit?: (rows: number, tableBytes: number) => void
  signal?: AbortSignal
  onProgress?: (progress: BackupProgress) => void
}

export interface BackupProgress {
  /** COPY text read so far. */
  rawBytes: number
  /** Size of the tables on the source's disk: a scale, not a promise. */
  tableBytes: number
}

/**
 * Backs up one database into a new set. Resolves only when the manifest is stored, which is what makes the set exist;
 * any failure before leaves no manifest, ends every child and aborts every open upload.
 *
 * @throws Failure with code `SlotDone` when another run has published a set for the same slot meanwhile.
 */
export async function backup(options: BackupOptions): Promise<Manifest> {
  const startedMs = Date.now()
  const address: SetAddress = {
    cluster: options.cluster,
    database: options.connection.database,
    set: formatSetName({ startedMs, run: options.run ?? randomRun() }),
  }
  const store = openStore(options.store)
  try {
    // Looked for while the source is asked; a failure shows when they are needed.
    const candidates = findCandidates(options.env)
    candidates.catch(() => undefined)
    const recipients = options.store.ageRecipients
    const contents = await contentStore(store, recipients)
    const source = await holdSource(options.connection, options.lockWaitSeconds, options.signal)
    try {
      options.admit?.(await estimateRows(source), sizeOf(source.tables))
      const tools = clientToolsOf(await candidates, Math.floor(source.session.versionNum / 10_000))
      const heldMs = Date.now()
      const content = await storeContent({ source, tools, address, options, contents }).catch((error: unknown) => {
        throw source.identity.standby ? explainOnStandby(error) : error
      })
      await assertStillHeld(source)
      const secondsByPhase = { hold: (heldMs - startedMs) / 1000, copy: (Date.now() - heldMs) / 1000 }
      const manifest = assembleManifest({ address, startedMs, source, tools, ...content, recipients, secondsByPhase })
      await publish(manifest, address, store, { slotRun: options.run, signal: options.signal })
      return manifest
    } finally {
      await source.session.close()
    }
  } finally {
    store.close()
  }
}

/** What the parts of one run share. */
interface Run {
  source: HeldSource
  tools: ClientTools
  address: SetAddress
  options: BackupOptions
  contents: ContentStore
}

/** Rows, schema and globals, side by side. */
async function storeContent(run: Run) {
  const { source, tools, address, options, contents } = run
  const directory = await privateDirectory('ballast-backup-')
  try {
    const { env } = await toolEnvironment(source.session.settings, directory.path)
    const tasks = planTasks(source.tables, source.identity.blockBytes, options.workers)
    const [rows, schema, globals] = await sideBySide(options.signal, address.database, (signal) => {
      const dump = { env, contents, prefix: setPrefix(address), signal }
      return [
        copyRows(run, tasks, signal),
        dumpToStore({
          ...dump,
          command: tools.pgDump,
          args: schemaDumpArguments({
            database: address.database,
            snapshot: source.snapshot,
            tables: source.tables,
            lockWaitSeconds: options.lockWaitSeconds,
          }),
          file: schemaFile,
          shape: customArchiveShape,
        }),
        dumpToStore({
          ...dump,
          command: tools.pgDumpall,
          args: globalsArguments(address.database, options.rolePasswords),
          file: globalsFile,
          shape: globalsShape,
          trailer: globalsTrailer(source.database),
        }),
      ]
    })
    return { tasks, rows, schema, globals }
  } finally {
    await directory.dispose()
  }
}

async function copyRows(
  { source, address, options, contents }: Run,
  tasks: readonly PlannedTask[],
  outer: AbortSignal,
): Promise<TaskResult[]> {
  const tableBytes = sizeOf(source.tables)
  let rawBytes = 0
  const setup: CopySetup = {
    // Every connection of the run goes to the server that answered first: a snapshot means nothing to another one.
    connection: source.session.settings,
    databaseEncoding: source.database.encoding,
    snapshot: source.snapshot,
    tables: workerTables(source.tables),
    store: options.store,
    address,
    compressionLevel: options.compressionLevel,
  }
  const progress = (bytes: number): void => {
    rawBytes += bytes
    options.onProgress?.({ rawBytes, tableBytes })
  }
  return await runOnWorkers(tasks, {
    workers: options.workers,
    open: (signal) => openCopyWorker({ ...setup, contents, signal, progress, enter: inSnapshot(setup.snapshot) }),
    furtherThreads: { module: new URL('./copy-thread.ts', import.meta.url), setup, progress },
    subject: address.database,
    signal: outer,
  })
}

function sizeOf(tables: readonly SourceTable[]): number {
  return tables.reduce((sum, { heapBytes, toastBytes }) => sum + heapBytes + toastBytes, 0)
}
