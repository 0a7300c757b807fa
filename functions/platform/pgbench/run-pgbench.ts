import { text } from 'node:stream/consumers'
import { abortFailure } from '../abort.ts'
import { toFailure } from '../failure.ts'
import type { ConnectionSettings } from '../postgres/settings.ts'
import { toolEnvironment } from '../postgres/tool-environment.ts'
import { explainToolFailure } from '../postgres/tool-failure.ts'
import { type Child, start } from '../process/start.ts'
import { type PgbenchPlan, pgbenchArgs } from './pgbench-args.ts'
import { type PgbenchProgress, progressReader } from './pgbench-progress.ts'
import { type PgbenchReport, parseReport } from './pgbench-report.ts'

/** A run of pgbench, and who hears of it. */
export interface PgbenchRun {
  /** Path of the program. */
  pgbench: string
  settings: ConnectionSettings
  plan: PgbenchPlan
  /** For the private password file; made where it is missing. */
  workDirectory: string
  /** Ends it at once, with a report of what it did until then. */
  signal: AbortSignal
  onStart(pid: number): void
  onProgress(progress: PgbenchProgress): void
}

/** How it ended. Only `complete` with a report in which nothing failed is a success: an aborted client is in no count. */
export type PgbenchEnd =
  | { state: 'complete'; report: PgbenchReport }
  | { state: 'interrupted' | 'failed'; report: PgbenchReport | undefined; reason: string }

/** Beyond its own time: to connect all clients, and to let the last transactions end. */
const graceMs = 60_000

/** Runs pgbench to its end; what the load does to the server, and the server to the load, is no error but an answer. */
export async function runPgbench(run: PgbenchRun): Promise<PgbenchEnd> {
  const { settings, plan, signal } = run
  const { env, dispose } = await toolEnvironment(settings, run.workDirectory)
  try {
    const child = start({
      command: run.pgbench,
      args: pgbenchArgs(plan, settings.database),
      env,
      timeoutMs: plan.seconds * 1000 + graceMs,
      // Ctrl-C would end it without a report.
      ownSession: true,
      explain: explainToolFailure,
      onStderr: progressReader(run.onProgress),
    })
    if (child.pid !== undefined) run.onStart(child.pid)
    return await endOf(child, signal)
  } finally {
    await dispose()
  }
}

async function endOf(child: Child, signal: AbortSignal): Promise<PgbenchEnd> {
  // What its own clock sends when the time is over: it ends its transactions and reports.
  const stop = (): void => child.kill('SIGALRM')
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const [stdout, ended] = await Promise.all([
      text(child.stdout),
      child.done.then(
        () => undefined,
        (error: unknown) => toFailure(error, 'pgbench'),
      ),
    ])
    const report = parseReport(stdout)
    if (signal.aborted) return { state: 'interrupted', report, reason: abortFailure(signal, 'pgbench').message }
    if (ended !== undefined) return { state: 'failed', report, reason: `${ended.message}. ${ended.hint}` }
    if (report === undefined)
      return { state: 'failed', report, reason: `pgbench ended well without a report: ${stdout.trim()}` }
    return { state: 'complete', report }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
