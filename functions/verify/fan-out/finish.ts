import { createHash } from 'node:crypto'
import type { Manifest } from '../../archive/manifest.ts'
import { readWholeManifest } from '../../archive/read-set.ts'
import { Failure } from '../../platform/failure.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { readLedger, readRun } from '../../restore/fan-out/ledger.ts'
import type { RestoreResult } from '../../restore/restore.ts'
import { applyDatabaseProperties } from '../../restore/target.ts'
import { nothingRead } from '../compare.ts'
import { evidenceOf } from '../evidence-of.ts'
import { Findings } from '../findings.ts'
import type { VerifyReport } from '../report.ts'
import { findReport } from '../report-of-evidence.ts'
import { findScratchTools } from '../scratch-tools.ts'
import { storeEvidence } from '../store-evidence.ts'
import { assembleReport, secondsByPhase } from './assemble-report.ts'
import { dropLedger, dropScratch } from './drop-run.ts'
import { reconcile } from './reconcile.ts'
import { findRun, noRun, type OpenRun, openServer, runDatabase, scratchDatabase } from './run-database.ts'
import type { RunDocument } from './run-document.ts'
import { type RunTask, type TaskResult, taskOptions } from './run-tasks.ts'
import type { StepContext } from './step-context.ts'

const namedProblems = 10

/**
 * Judges a verification whose tasks are all done, stores its evidence, and removes what it made. Called again, it tells the same.
 *
 * @param startedMs of the run, by which its evidence is known when its database is gone.
 * @throws Failure `permanent` with code `Incomplete` that names what was not done.
 */
export async function finishVerification(context: StepContext, startedMs: number): Promise<VerifyReport> {
  const { store, address, signal } = context
  const run = await findRun(context)
  if (run === undefined) {
    const report = await findReport(store, address, startedMs, signal)
    if (report === undefined) throw noRun(context)
    await drop(context, [])
    return report
  }
  const report = await judge(context, run)
  await drop(context, run.document.madeRoles)
  return report
}

async function judge(context: StepContext, { session, document }: OpenRun): Promise<VerifyReport> {
  const { store, address, env, signal } = context
  try {
    const lines = await readLedger<RunTask, TaskResult>(session)
    const spoiled = document.findingsTotal > 0 || (await readRun(session))?.spoiled === true
    if (!spoiled) refuseIncomplete(reconcile(lines, true), address.set, 'Nothing was proven')
    const manifest = document.findingsTotal > 0 ? undefined : await sameManifest(context, document)
    const tools = await findScratchTools(Math.floor(session.versionNum / 10_000), env)
    const restoredInto = { kind: 'target' as const, serverVersion: await versionOf(session), tools: tools.version }
    const report = assembleReport({ document, lines, restoredInto, ...(manifest && { manifest }) }, new Findings())
    const { equal, findingsTotal } = report
    if (manifest !== undefined && manifest.tables.length > 0 && equal && report.compared.tables === 0)
      throw nothingRead(address.database)
    if (!equal && findingsTotal === 0) return report
    const sample = lines.flatMap(({ result }) => result?.sample ?? [])[0]
    const { startedMs, manifestSha256 } = document
    const known = await findReport(store, address, startedMs, signal)
    if (known !== undefined) return known
    const evidence = evidenceOf(report, { startedMs, manifestSha256, ...(sample && { digests: sample.digests }) })
    return { ...report, evidence: await storeEvidence(store, address, evidence, signal) }
  } finally {
    await session.close()
  }
}

async function drop(context: StepContext, roles: readonly string[]): Promise<void> {
  const server = await openServer(context)
  try {
    await dropScratch(server, scratchDatabase(context.address), roles)
  } finally {
    await server.close()
  }
}

/**
 * Gives a restored database its own properties and takes the ledger out of it. Called again, when there is no ledger any more, it
 * finds it restored.
 *
 * @throws Failure `permanent` with code `Incomplete` that names what was not done.
 */
export async function finishRestore(context: StepContext): Promise<RestoreResult> {
  const { store, address, signal } = context
  const { manifest } = await readWholeManifest(store, address, signal)
  const run = await findRun(context)
  if (run === undefined) {
    if (!(await isThere(context))) throw noRun(context)
    return { ...restoredSet(manifest), secondsByPhase: {} }
  }
  const { session, document } = run
  try {
    const lines = await readLedger<RunTask, TaskResult>(session)
    refuseIncomplete(reconcile(lines, false), address.set, `The database "${runDatabase(context)}" is not whole`)
    await applyDatabaseProperties(session, manifest, taskOptions)
    await dropLedger(session)
    const { check = 0, restore = 0 } = secondsByPhase(document, lines)
    return { ...restoredSet(manifest), secondsByPhase: { check, restore } }
  } finally {
    await session.close()
  }
}

/** Only the end takes the ledger away, so that a database without one is restored. */
async function isThere(context: StepContext): Promise<boolean> {
  const server = await openServer(context)
  try {
    return (await server.query('SELECT FROM pg_database WHERE datname = $1', [runDatabase(context)])).length > 0
  } finally {
    await server.close()
  }
}

function restoredSet(manifest: Manifest): Omit<RestoreResult, 'secondsByPhase'> {
  const { tables, rows, rawBytes } = manifest.summary
  return { manifest, tables, rows, rawBytes, leftOut: [] }
}

/** The evidence names the manifest by its hash: it must be the one that the run began with. */
async function sameManifest({ store, address, signal }: StepContext, { manifestSha256 }: RunDocument): Promise<Manifest> {
  const { manifest, bytes } = await readWholeManifest(store, address, signal)
  if (createHash('sha256').update(bytes).digest('hex') === manifestSha256) return manifest
  throw new Failure('the manifest changed while the set was verified', {
    ...{ kind: 'permanent', subject: address.set, code: 'Changed' },
    hint: 'Find out who writes to the set; a set is never changed once it exists. Then verify again.',
  })
}

async function versionOf(session: Session): Promise<string> {
  const [row] = await session.query<{ version: string }>(`SELECT current_setting('server_version') AS version`)
  return row?.version ?? 'unknown'
}

function refuseIncomplete(problems: readonly string[], set: string, left: string): void {
  if (problems.length === 0) return
  const more = problems.length > namedProblems ? `; and ${problems.length - namedProblems} more` : ''
  throw new Failure(`not all of it was done: ${problems.slice(0, namedProblems).join('; ')}${more}`, {
    ...{ kind: 'permanent', subject: `set ${set}`, code: 'Incomplete' },
    hint: `${left}. See the log of the step \`work\` for what failed, then start it again.`,
  })
}
