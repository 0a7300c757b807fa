import { mapConcurrently } from '../../archive/concurrent-map.ts'
import { Failure } from '../../platform/failure.ts'
import { openSession, type Session } from '../../platform/postgres/session.ts'
import { toolEnvironment } from '../../platform/postgres/tool-environment.ts'
import { type NewTask, writePlan } from '../../restore/fan-out/ledger.ts'
import { leftOutOf, planRestore } from '../../restore/fan-out/restore-tasks.ts'
import { type ScriptSource, scriptOf } from '../../restore/fan-out/run-script.ts'
import { openTarget, refuseMissingOwners } from '../../restore/target.ts'
import { refuseMissingExtensions } from '../extensions.ts'
import { findScratchTools } from '../scratch-tools.ts'
import { runDatabase, watchedConnection } from './run-database.ts'
import { comparisonTasks, type RunTask, taskOptions } from './run-tasks.ts'
import type { CheckedSource, WholeSource } from './set-source.ts'
import type { StepContext } from './step-context.ts'

/** Scripts that are written at the same time. */
const writers = 4

/** Plans a run, with the script of every task that has one, and puts all of it into the ledger. */
export async function planRun(
  context: StepContext,
  server: Session,
  { whole }: CheckedSource,
  workDirectory: string,
): Promise<void> {
  const target = watchedConnection(server.settings, runDatabase(context))
  const options = { applicationName: 'ballast verify', signal: context.signal }
  const session =
    whole === undefined ? await openSession(target, options) : await openTarget(target, whole.manifest, context.signal)
  try {
    await writePlan(session, whole === undefined ? [] : await tasksOf(context, session, whole, workDirectory))
  } finally {
    await session.close()
  }
}

async function tasksOf(
  { as, env, signal }: StepContext,
  session: Session,
  { manifest, archive, toc }: WholeSource,
  workDirectory: string,
): Promise<NewTask<RunTask>[]> {
  await refuseMissingExtensions(session, toc)
  await refuseMissingOwners(session, toc)
  const planned = planRestore(manifest, toc)
  refuseHoles(leftOutOf(planned, manifest, toc), manifest.summary.set)
  const tools = await findScratchTools(Math.floor(session.versionNum / 10_000), env)
  const toolEnv = await toolEnvironment(session.settings, workDirectory)
  const source: ScriptSource = {
    ...{ pgRestore: tools.pgRestore, archive, toc, options: taskOptions, workDirectory, env: toolEnv.env, signal },
  }
  try {
    const restoring = await mapConcurrently(planned.entries(), writers, async ([index, one]): Promise<NewTask<RunTask>> => {
      return one.task.type === 'script' ? { ...one, script: await scriptOf(source, String(index), one.task.entries) } : one
    })
    return [...restoring, ...(as === null ? comparisonTasks(planned) : [])]
  } finally {
    await toolEnv.dispose()
  }
}

function refuseHoles(holes: readonly string[], set: string): void {
  if (holes.length === 0) return
  throw new Failure(`the plan of the restore leaves out ${holes.slice(0, 5).join(', ')}`, {
    ...{ kind: 'bug', subject: set },
    hint: 'This is a defect in Ballast: keep the log of this run and report it.',
  })
}
