import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SetAddress, schemaFile } from '../../archive/keys.ts'
import type { ClientTools } from '../../platform/postgres/client-tools.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { toolEnvironment } from '../../platform/postgres/tool-environment.ts'
import { loadUnit } from '../load-unit.ts'
import { restoreSection } from '../restore-section.ts'
import type { SetContents } from '../set-contents.ts'
import { downloadFile, readTocOf } from '../set-files.ts'
import type { StockOptions } from '../stock-restore.ts'
import { type ClaimedTask, doOnce, isDone, readScript } from './ledger.ts'
import type { RestoreTask } from './restore-tasks.ts'
import { mayBeDone, runScript, type ScriptRun, writeScript } from './run-script.ts'

/** What the tasks of a restore are done with. */
export interface RestoreBench {
  /** Takes COPY text, and holds the task. */
  session: Session
  contents: SetContents
  address: SetAddress
  tools: ClientTools
  options: StockOptions
  /** An existing private directory. */
  workDirectory: string
  signal: AbortSignal
}

/** Does a task of a restore, unless it is done. */
export async function performRestore(bench: RestoreBench, { id, task }: ClaimedTask<RestoreTask>): Promise<void> {
  switch (task.type) {
    case 'load':
      return await doOnce(bench.session, id, async () => {
        await loadUnit(task.load, { ...bench, progress: () => undefined })
        return {}
      })
    case 'script':
      return await withTools(bench, async (run) => {
        const path = join(bench.workDirectory, `${id}.sql`)
        await writeFile(path, await readScript(bench.session, id))
        await runOnce(bench.session, run, id, path)
      })
    case 'archive rows':
      return await withTools(bench, async (run) => {
        const archive = await fetchArchive(bench)
        const source = {
          ...run,
          archive,
          toc: await readTocOf(archive),
          pgRestore: bench.tools.pgRestore,
          options: bench.options,
        }
        await runOnce(bench.session, run, id, await writeScript(source, String(id), task.entries))
      })
    case 'archive data':
      return await restoreArchiveData(bench, id, new Set(task.entries))
  }
}

async function runOnce(session: Session, run: ScriptRun, id: number, path: string): Promise<void> {
  try {
    await runScript(run, id, path)
  } catch (error) {
    if (!(mayBeDone(error) && (await isDone(session, id)))) throw error
  }
}

/** Says whose a session is; nobody but the task's own pg_restore has it. */
const archiveSession = 'ballast restore (archive)'
const endedWithinMs = 30_000

/**
 * Large objects come by pg_restore itself: as a script they would take twice their size on disk. It writes each from its start, and
 * sets sequences to where they stood, so that once more gives the same. One that a killed call left behind is ended first: two at
 * once would be in each other's way.
 */
async function restoreArchiveData(bench: RestoreBench, id: number, dumpIds: ReadonlySet<number>): Promise<void> {
  const { session, tools, options, workDirectory, signal } = bench
  const { database } = session.settings
  const archive = await fetchArchive(bench)
  await endLeftBehind(session)
  const { env, dispose } = await toolEnvironment({ ...session.settings, applicationName: archiveSession }, workDirectory)
  try {
    const toc = await readTocOf(archive)
    const restore = {
      pgRestore: tools.pgRestore,
      env,
      archive,
      toc,
      dumpIds,
      database,
      workDirectory,
      jobs: 1,
      options,
      signal,
    }
    await restoreSection(restore, 'data')
  } finally {
    await dispose()
  }
  await doOnce(session, id, async () => ({}))
}

async function endLeftBehind(session: Session): Promise<void> {
  const untilMs = Date.now() + endedWithinMs
  const ending = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = $1 AND datname = current_database() AND pid <> pg_backend_pid()`
  while ((await session.query(ending, [archiveSession])).length > 0 && Date.now() < untilMs) await sleep(100)
}

async function fetchArchive({ contents, workDirectory, signal }: RestoreBench): Promise<string> {
  const archive = join(workDirectory, schemaFile)
  await downloadFile(contents, schemaFile, archive, signal)
  return archive
}

async function withTools(bench: RestoreBench, work: (run: ScriptRun) => Promise<void>): Promise<void> {
  const { session, tools, workDirectory, signal } = bench
  const { env, dispose } = await toolEnvironment(session.settings, workDirectory)
  try {
    await work({ psql: tools.psql, env, database: session.settings.database, workDirectory, signal })
  } finally {
    await dispose()
  }
}
