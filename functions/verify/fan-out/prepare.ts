import { fanRestoreWorkers } from '../../../config/fan-out.ts'
import { Failure } from '../../platform/failure.ts'
import { assertDirect } from '../../platform/postgres/pooler.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { privateDirectory } from '../../platform/process/private-directory.ts'
import { beginRun } from './begin-run.ts'
import { planRun } from './plan-run.ts'
import { findRun, openServer } from './run-database.ts'
import { checkSource } from './set-source.ts'
import type { StepContext } from './step-context.ts'

/** What the step `prepare` answers: when to call it again, or how many work on the run, and when that began. */
export interface Prepared {
  more: boolean
  waitSeconds: number
  /** 1, 2, 3, ... */
  workers: number[]
  startedMs: number
}

const busySeconds = 60

/**
 * Checks all that can be known before anything is made, then makes the database, its roles and the plan. A run that is there already
 * is gone on with: what is done of it stays done.
 */
export async function prepare(context: StepContext): Promise<Prepared> {
  const server = await openServer(context)
  const directory = await privateDirectory('ballast-restore-')
  try {
    await assertDirect(server)
    await refuseFewConnections(context, server)
    const known = await planned(context)
    if (known !== undefined) return known
    const source = await checkSource(context, directory.path)
    if (!(await beginRun(context, server, source))) return { more: true, waitSeconds: busySeconds, workers: [], startedMs: 0 }
    await planRun(context, server, source, directory.path)
  } finally {
    await server.close()
    await directory.dispose()
  }
  const made = await planned(context)
  if (made === undefined) throw new Error('the run that was just planned is not there')
  return made
}

async function planned(context: StepContext): Promise<Prepared | undefined> {
  const run = await findRun(context)
  if (run === undefined) return undefined
  await run.session.close()
  const workers = Array.from({ length: fanRestoreWorkers(context.cluster.backup) }, (_, index) => index + 1)
  return { more: false, waitSeconds: 0, workers, startedMs: run.document.startedMs }
}

/** The server must let as many in as the budget says; that it has them free later nobody knows now. */
async function refuseFewConnections({ cluster }: StepContext, server: Session): Promise<void> {
  const { connections } = cluster.backup.fanOut
  const [limits] = await server.query<{ most: number }>(
    `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(current_setting('reserved_connections', true), '0')::int AS most`,
  )
  const most = limits?.most ?? 0
  const tooFew = fanRestoreWorkers(cluster.backup) > 0 ? undefined : 'one worker takes two'
  const tooMany = most >= connections ? undefined : `the server allows ${most}`
  const obstacle = tooFew ?? tooMany
  if (obstacle === undefined) return
  throw new Failure(`the run may use ${connections} connections (backup.fanOut.connections), and ${obstacle}`, {
    ...{ kind: 'config', subject: 'backup.fanOut.connections', code: 'Unfit' },
    hint: 'Set backup.fanOut.connections to what the server of backup.verify.into allows (max_connections), and to 2 or more.',
  })
}
