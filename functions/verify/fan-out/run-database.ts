import { createHash, randomBytes } from 'node:crypto'
import type { SetAddress } from '../../archive/keys.ts'
import { Failure } from '../../platform/failure.ts'
import { openPreparedSession } from '../../platform/postgres/prepared-session.ts'
import { openSession, type Session } from '../../platform/postgres/session.ts'
import type { ConnectionSettings } from '../../platform/postgres/settings.ts'
import { type Run, readRun, touchRun } from '../../restore/fan-out/ledger.ts'
import { prepareToLoad } from '../../restore/load-worker.ts'
import { connectionTo } from '../databases.ts'
import { type RunDocument, runDocument } from './run-document.ts'
import { requiredTarget, type StepContext } from './step-context.ts'

/** Of the databases that fanned-out verifications make; what other verifications make begins otherwise. */
export const scratchPrefix = 'ballast_verify_fan_'

/** The database that a set is verified in: the same for every step and every attempt. */
export function scratchDatabase({ cluster, database, set }: SetAddress): string {
  return (
    scratchPrefix +
    createHash('sha256')
      .update(JSON.stringify([cluster, database, set]))
      .digest('hex')
      .slice(0, 16)
  )
}

/** The database of a run while it is being made: of one at a time, on one server. */
export const unfinishedDatabase = `${scratchPrefix}new`

/** A name for a database of the schema without rows, which a comparison may need; {@link isOf} knows it again. */
export function newSchemaDatabase(database: string): string {
  return `${database}_${randomBytes(4).toString('hex')}`
}

/** Whether a name is that of the scratch database of some run. */
export function isScratch(name: string): boolean {
  return /^[0-9a-f]{16}$/.test(name.startsWith(scratchPrefix) ? name.slice(scratchPrefix.length) : '')
}

/** Whether a database is the scratch database of a run, or was made for it. */
export function isOf(name: string, scratch: string): boolean {
  return name === scratch || name.startsWith(`${scratch}_`)
}

/** The database that a run restores into. */
export function runDatabase({ as, address }: Pick<StepContext, 'as' | 'address'>): string {
  return as ?? scratchDatabase(address)
}

/**
 * Sessions end soon after whoever they are of has gone without a word, as a function does whose time is over: what they have locked,
 * the next attempt waits for.
 */
const watchOptions = ['tcp_keepalives_idle=30', 'tcp_keepalives_interval=10', 'tcp_keepalives_count=3']

/** The connection to a database of the server, for our sessions and for stock tools. */
export function watchedConnection(server: ConnectionSettings, database: string): ConnectionSettings {
  const { options = '', ...settings } = connectionTo(server, database)
  return { ...settings, options: [options, ...watchOptions.map((option) => `-c ${option}`)].join(' ').trim() }
}

/** A session in the database that `backup.verify.into` names, to make and drop others from. */
export async function openServer(context: Pick<StepContext, 'cluster' | 'env' | 'signal'>): Promise<Session> {
  const target = await requiredTarget(context)
  return await openSession(watchedConnection(target, target.database), {
    applicationName: 'ballast verify',
    signal: context.signal,
  })
}

/** The run that is in this database; undefined when it has none, or is not there. */
export async function runIn(server: Session, name: string, signal: AbortSignal): Promise<Run | undefined> {
  let session: Session
  try {
    session = await openSession(watchedConnection(server.settings, name), { applicationName: 'ballast verify', signal })
  } catch (error) {
    if (error instanceof Failure && error.code === '3D000') return undefined
    throw error
  }
  try {
    return await readRun(session)
  } finally {
    await session.close()
  }
}

/** A run's database, open for rows. */
export interface OpenRun {
  session: Session
  document: RunDocument
}

/** Opens the database of a run that was prepared; undefined when there is none. */
export async function findRun(context: StepContext): Promise<OpenRun | undefined> {
  const target = await requiredTarget(context)
  const options = { applicationName: 'ballast verify (rows)', signal: context.signal }
  let session: Session
  try {
    session = await openPreparedSession(watchedConnection(target, runDatabase(context)), options, async (fresh) => {
      const [row] = await fresh.query<{ encoding: string }>(`SELECT current_setting('server_encoding') AS encoding`)
      await prepareToLoad(fresh, row?.encoding ?? 'UTF8')
    })
  } catch (error) {
    if (error instanceof Failure && error.code === '3D000') return undefined
    throw error
  }
  try {
    const run = await readRun(session)
    if (run?.planned === true) {
      await touchRun(session)
      return { session, document: runDocument(run.document, context.address) }
    }
  } catch (error) {
    await session.close()
    throw error
  }
  await session.close()
  return undefined
}

/** @throws Failure `permanent` with code `NoSuchRun` when there is none. */
export async function openRun(context: StepContext): Promise<OpenRun> {
  const found = await findRun(context)
  if (found !== undefined) return found
  throw noRun(context)
}

export function noRun(context: StepContext): Failure {
  const name = runDatabase(context)
  return new Failure(`there is no database "${name}" that a restore is at work on`, {
    ...{ kind: 'permanent', subject: name, code: 'NoSuchRun' },
    hint: 'It was given up, or its server is another one by now; start it again.',
  })
}
