import type { Manifest } from '../archive/manifest.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { runOnWorkers } from '../platform/workers/run-on-workers.ts'
import { countRows } from './digests/count-rows.ts'
import type { Findings } from './findings.ts'
import { judgeRows, type RowCounts } from './judge-rows.ts'
import type { ReadSetup } from './read-thread.ts'
import { openReadWorker, type ReadResult } from './read-worker.ts'
import { planRows, type RowPlan, readTargets, readTasks, tablesAt } from './row-plan.ts'

export interface RowComparison {
  manifest: Manifest
  session: Session
  connection: ConnectionSettings
  jobs: number
  /** Tables whose rows are read back and compared by digest, by their places in the manifest; all where it is left out. */
  digests?: ReadonlySet<number>
  signal: AbortSignal
  /** COPY text read since the last call. */
  onRead: (bytes: number) => void
}

/**
 * Compares every table and the large objects with what the backup recorded: by their number of rows all of them, and by
 * digest those that are chosen, which are read back exactly as the backup read them.
 */
export async function compareRows(options: RowComparison, findings: Findings): Promise<RowCounts> {
  const { manifest, session, digests, jobs } = options
  const { plan, sizes } = await planRows(session, manifest, digests === undefined ? {} : { digests }, findings)
  const contents = await readContents(options, plan, await readTasks(session, sizes, jobs))
  const counting = { ...options, databaseEncoding: manifest.databaseProperties.encoding }
  const counts = await countRows(tablesAt(manifest, plan.counted), counting)
  return judgeRows(manifest, plan, contents, counts, findings)
}

async function readContents(
  { manifest, connection, jobs, signal, onRead }: RowComparison,
  plan: RowPlan,
  tasks: Awaited<ReturnType<typeof readTasks>>,
): Promise<ReadResult> {
  const databaseEncoding = manifest.databaseProperties.encoding
  const setup: ReadSetup = { connection, databaseEncoding, tables: readTargets(manifest, plan) }
  const results = await runOnWorkers(tasks, {
    workers: jobs,
    open: (either) => openReadWorker({ ...setup, signal: either, progress: onRead }),
    furtherThreads: { module: new URL('./read-thread.ts', import.meta.url), setup, progress: onRead },
    subject: connection.database,
    signal,
  })
  return results.flat()
}
