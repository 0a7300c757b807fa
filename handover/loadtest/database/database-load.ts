import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { findPgbench } from '../../../functions/platform/pgbench/find-pgbench.ts'
import type { PgbenchPlan, PgbenchProtocol } from '../../../functions/platform/pgbench/pgbench-args.ts'
import type { PgbenchProgress } from '../../../functions/platform/pgbench/pgbench-progress.ts'
import type { PgbenchReport } from '../../../functions/platform/pgbench/pgbench-report.ts'
import { type PgbenchEnd, runPgbench } from '../../../functions/platform/pgbench/run-pgbench.ts'
import { privateDirectory } from '../../../functions/platform/process/private-directory.ts'
import type { PgbenchResult } from '../../records/load-record.ts'
import type { LoadSite } from '../load-site.ts'
import { createScratchSchema } from './scratch-schema.ts'
import { scripts, type Work } from './transactions.ts'

/** What pgbench is to do. */
export interface DatabaseLoad {
  through: PgbenchResult['through']
  protocol: PgbenchProtocol
  clients: number
  /** Whole seconds. */
  seconds: number
  /** Transactions a second that are begun, however slow they are; as many as possible where it is left out. */
  ratePerSecond?: number
  /** Slower transactions count as late. */
  latencyMs: number
  work: Work
}

/** How a run of pgbench ended; `result` is what it counted, also where that is not all. */
export interface DatabaseRun {
  state: PgbenchEnd['state']
  /** Why it is not complete. */
  reason?: string
  result?: PgbenchResult
}

/** Who hears of a run, and may stop it. */
export interface DatabaseRunContext {
  signal: AbortSignal
  onStart(pid: number): void
  onProgress(progress: PgbenchProgress): void
}

/** pgbench with its own tables in a database. */
export interface DatabaseLoads {
  /** Of pgbench. */
  version: string
  run(load: DatabaseLoad, context: DatabaseRunContext): Promise<DatabaseRun>
  /** Drops the tables; tells what is left, where anything is. Never throws. */
  close(): Promise<string[]>
}

/**
 * Finds pgbench and makes its tables.
 *
 * @throws Failure where either cannot be had; nothing is left then.
 */
export async function openDatabaseLoads(site: LoadSite, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<DatabaseLoads> {
  const pgbench = await findPgbench(env)
  const directory = await privateDirectory('ballast-loadtest-')
  try {
    for (const { name, text } of [...scripts.mixed, ...scripts.writes]) await writeFile(scriptPath(directory.path, name), text)
    const tables = await createScratchSchema(site.direct, signal)
    return {
      version: pgbench.version,
      run: (load, context) => runOne({ site, load, pgbench: pgbench.path, directory: directory.path, context }),
      close: async () => {
        const left = await tables.drop()
        await directory.dispose()
        return left === undefined ? [] : [left]
      },
    }
  } catch (error) {
    await directory.dispose()
    throw error
  }
}

interface OneRun {
  site: LoadSite
  load: DatabaseLoad
  pgbench: string
  directory: string
  context: DatabaseRunContext
}

async function runOne({ site, load, pgbench, directory, context }: OneRun): Promise<DatabaseRun> {
  const { work, through, ...plan } = load
  const startedMs = performance.now()
  const end = await runPgbench({
    ...{ pgbench, settings: site[through], workDirectory: directory },
    plan: {
      ...plan,
      threads: Math.min(plan.clients, availableParallelism()),
      scripts: scripts[work].map(({ name, weight }) => ({ path: scriptPath(directory, name), weight })),
    } satisfies PgbenchPlan,
    ...context,
  })
  const seconds = (performance.now() - startedMs) / 1000
  return {
    state: end.state,
    ...('reason' in end ? { reason: end.reason } : {}),
    ...(end.report === undefined ? {} : { result: resultOf(load, end.report, seconds) }),
  }
}

function resultOf({ through, protocol }: DatabaseLoad, report: PgbenchReport, seconds: number): PgbenchResult {
  return { through, protocol, seconds, ...report }
}

function scriptPath(directory: string, name: string): string {
  return join(directory, `${name}.sql`)
}
