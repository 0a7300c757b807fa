import { Failure } from '../../../functions/platform/failure.ts'
import { describeConnection } from '../../../functions/platform/postgres/connection.ts'
import { assertDirect } from '../../../functions/platform/postgres/pooler.ts'
import { openSession, type Session } from '../../../functions/platform/postgres/session.ts'
import type { ConnectionSettings } from '../../../functions/platform/postgres/settings.ts'
import { createSql, dropSql, ownerSql, schema } from './transactions.ts'

/** The tables of a load test, while it runs. */
export interface ScratchSchema {
  /** Drops them; what could not be dropped is told as a sentence. Never throws. */
  drop(): Promise<string | undefined>
}

const applicationName = 'ballast loadtest'
const lockSql = `SELECT pg_try_advisory_lock(hashtext('${schema}')) AS taken`

/**
 * Makes the tables in a schema of their own. What a run that was killed has left is dropped first.
 *
 * @param settings straight to the primary.
 * @throws Failure where another run has them, where a schema of this name is somebody else's, or where the role may not.
 */
export async function createScratchSchema(settings: ConnectionSettings, signal: AbortSignal): Promise<ScratchSchema> {
  const session = await openSession(settings, { applicationName })
  try {
    signal.throwIfAborted()
    await assertDirect(session)
    await refuseOthers(session)
    await session.query(dropSql)
    await session.query(createSql)
  } catch (error) {
    await session.close()
    throw explained(error, settings)
  }
  return { drop: () => drop(session, settings) }
}

/** The lock is the session's, and ends with it. */
async function refuseOthers(session: Session): Promise<void> {
  const subject = describeConnection(session.settings)
  const [lock] = await session.query<{ taken: boolean }>(lockSql)
  if (lock?.taken !== true) {
    throw new Failure('another load test runs on this database', {
      ...{ kind: 'transient', subject, code: 'LOAD_RUNS' },
      hint: 'Wait until it has ended: two of them would measure each other.',
    })
  }
  const [found] = await session.query<{ ours: boolean | null }>(ownerSql)
  if (found === undefined || found.ours === true) return
  throw new Failure(`there is a schema ${schema} that no load test has made`, {
    ...{ kind: 'config', subject, code: 'SCHEMA_TAKEN' },
    hint: 'Rename or drop it, or name another database with --database.',
  })
}

async function drop(session: Session, settings: ConnectionSettings): Promise<string | undefined> {
  try {
    // The server may have been replaced while the load was on.
    await session.query(dropSql).catch(() => dropAnew(settings))
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return `the schema ${schema} is left in ${describeConnection(settings)}: ${why}. Drop it there: ${dropSql}`
  } finally {
    await session.close()
  }
}

async function dropAnew(settings: ConnectionSettings): Promise<void> {
  const session = await openSession(settings, { applicationName })
  try {
    await session.query(dropSql)
  } finally {
    await session.close()
  }
}

const refused = '42501'

function explained(error: unknown, settings: ConnectionSettings): unknown {
  if (!(error instanceof Failure) || error.code !== refused) return error
  return new Failure(error.message, {
    ...{ kind: 'config', subject: error.subject, code: refused, cause: error },
    hint: `Let ${settings.user} make a schema in ${settings.database}, or log in as the role that owns the database.`,
  })
}
