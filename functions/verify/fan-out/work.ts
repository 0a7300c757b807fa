import { setTimeout as sleep } from 'node:timers/promises'
import { readManifest } from '../../archive/read-set.ts'
import { throwIfAborted } from '../../platform/abort.ts'
import { Failure, toFailure } from '../../platform/failure.ts'
import { privateDirectory } from '../../platform/process/private-directory.ts'
import { type ClaimedTask, claimTask, releaseTask, spoil } from '../../restore/fan-out/ledger.ts'
import { performRestore } from '../../restore/fan-out/perform-restore.ts'
import { openContents } from '../../restore/set-contents.ts'
import { atPath } from '../../runtime/definition/at-path.ts'
import { definedIdentity } from '../../runtime/definition/defined-identity.ts'
import { findingOf, isUnrestorable } from '../damage.ts'
import { otherLocale } from '../restored-set.ts'
import { findScratchTools } from '../scratch-tools.ts'
import { fitsInto, mayBegin } from './call-time.ts'
import { type CompareBench, performComparison } from './perform-comparison.ts'
import { type OpenRun, openRun } from './run-database.ts'
import { isComparison, type RunTask, taskName, taskOptions } from './run-tasks.ts'
import type { StepContext } from './step-context.ts'

/** What one call of the step `work` did, and whether another one is needed, after so many seconds. */
export interface Worked {
  done: number
  more: boolean
  waitSeconds: number
}

const pollMs = 500
/** While others work on what the rest waits for: in the call, as a share of its time, and then outside. */
const pollShare = 0.25
const longestPollMs = 10_000
const waitSeconds = 30

/** Works on what is left of a run, one task after the other, as long as its call's time lasts. */
export async function work(context: StepContext): Promise<Worked> {
  const run = await openRun(context).catch(unlessFull)
  if (run === undefined) return { done: 0, more: true, waitSeconds }
  const directory = await privateDirectory('ballast-restore-')
  try {
    return await workOn(context, run, await benchOf(context, run, directory.path))
  } finally {
    await run.session.close()
    await directory.dispose()
  }
}

/** A database may have a limit of connections at the end, and somebody else is at work then. */
function unlessFull(error: unknown): undefined {
  if (error instanceof Failure && error.code === '53300') return undefined
  throw error
}

async function benchOf(context: StepContext, { session, document }: OpenRun, workDirectory: string): Promise<CompareBench> {
  const { store, address, cluster, env, signal } = context
  const manifest = await readManifest(store, address, signal)
  const identity = await atPath('backup.verify.ageIdentity', () => definedIdentity(cluster, env))
  const contents = await openContents(store, address, manifest, identity)
  const tools = await findScratchTools(Math.floor(session.versionNum / 10_000), env)
  return { session, document, manifest, contents, address, tools, options: taskOptions, workDirectory, signal, context }
}

async function workOn(context: StepContext, run: OpenRun, bench: CompareBench): Promise<Worked> {
  const { session } = run
  const { signal, deadlineMs, beganMs } = context
  const allMs = deadlineMs - beganMs
  const usedShare = (): number => (Date.now() - beganMs) / allMs
  const pollingMs = Math.min(longestPollMs, allMs * pollShare)
  let done = 0
  let waitedMs = 0
  while (mayBegin(done, usedShare())) {
    throwIfAborted(signal, context.address.set)
    const claim = await claimTask<RunTask>(session, (bytes) => fitsInto(bytes, done, usedShare()))
    if (claim === 'over') return { done, more: false, waitSeconds: 0 }
    if (claim === 'later') break
    if (claim === 'wait') {
      if (waitedMs >= pollingMs) return { done, more: true, waitSeconds }
      await sleep(pollMs, undefined, { signal }).catch(() => undefined)
      waitedMs += pollMs
      continue
    }
    await perform(context, run, bench, claim)
    await releaseTask(session, claim.id)
    done += 1
    waitedMs = 0
  }
  return { done, more: true, waitSeconds: 0 }
}

/** Does a task; what its failure says of the set is kept in place of its work, where that is what is asked. */
async function perform(context: StepContext, run: OpenRun, bench: CompareBench, claim: ClaimedTask<RunTask>): Promise<void> {
  const { id, task } = claim
  const { as, address, signal, note } = context
  note(`${taskName(task)} (${id})`)
  try {
    if (isComparison(task)) await performComparison(bench, { ...claim, task })
    else await performRestore(bench, { ...claim, task })
  } catch (error) {
    if (signal.aborted) throw outOfTime(taskName(task), error)
    const restoring = !isComparison(task)
    const { localeNote } = run.document
    if (restoring && localeNote !== undefined && isUnrestorable(error)) throw otherLocale(error, localeNote)
    const finding = as === null ? findingOf(error, address, restoring) : undefined
    if (finding === undefined) throw error
    await spoil(run.session, id, { findings: [finding], findingsTotal: 1 })
  }
}

/** It may have waited for a lock, or begun late: the next call has its whole time for it. */
function outOfTime(task: string, error: unknown): Failure {
  const { message, code } = toFailure(error, task)
  return new Failure(`${task} was not done when the time of its function was over: ${message}`, {
    ...{ kind: 'transient', subject: task, code: code ?? 'OutOfTime', cause: error },
    hint: 'The step is called again, with its whole time for it. What takes longer than that each time, such as one index of a very large table, needs a faster server (maintenance_work_mem, max_parallel_maintenance_workers), or a VM: `ballast verify` or `ballast restore` there.',
  })
}
