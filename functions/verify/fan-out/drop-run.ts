import { identifier, literal } from '../../archive/copy-text.ts'
import { Failure } from '../../platform/failure.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { ledgerSchema } from '../../restore/fan-out/ledger.ts'
import { isOf, scratchPrefix, unfinishedDatabase } from './run-database.ts'

/** Of the advisory lock of who makes or drops what runs leave on a server. */
const serverLock = [0x6261_6c73, 1] as const

/** Runs work while nobody else makes or drops anything of a run on this server. */
export async function alone<T>(server: Session, work: () => Promise<T>): Promise<T> {
  await server.query('SELECT pg_advisory_lock($1, $2)', serverLock)
  try {
    return await work()
  } finally {
    await server.query('SELECT pg_advisory_unlock($1, $2)', serverLock).catch(() => undefined)
  }
}

/** The scratch databases of runs, and what was made for them, on this server. */
export async function scratchDatabases(server: Session): Promise<string[]> {
  const all = await server.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1) ORDER BY length(datname) DESC, datname',
    [scratchPrefix],
  )
  return all.map(({ name }) => name)
}

/** Drops what a call that was killed left of a database that it was making. Only {@link alone}: then nobody is making one. */
export async function dropUnfinished(server: Session): Promise<void> {
  await server.query(`DROP DATABASE IF EXISTS ${identifier(unfinishedDatabase)} WITH (FORCE)`)
}

/**
 * Drops all that a verification made on its server. The roles are marked before the database that knows them goes: whoever comes
 * after a call that was killed in between finds them by that.
 */
export async function dropScratch(server: Session, scratch: string, roles: readonly string[]): Promise<void> {
  await alone(server, async () => {
    await markRoles(server, scratch, roles)
    for (const name of (await scratchDatabases(server)).filter((one) => isOf(one, scratch)))
      await server.query(`DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`)
    await dropMarkedRoles(server)
  })
}

const mark = 'made by Ballast, to be dropped with '

async function markRoles(server: Session, scratch: string, roles: readonly string[]): Promise<void> {
  const there = await server.query<{ name: string }>('SELECT rolname AS name FROM pg_roles WHERE rolname = ANY ($1)', [roles])
  const comments = there.map(({ name }) => `COMMENT ON ROLE ${identifier(name)} IS ${literal(mark + scratch)};`)
  if (comments.length > 0) await server.query(`BEGIN; ${comments.join(' ')} COMMIT`)
}

/** Something depends on it. */
const inUse = '2BP01'

/** Drops the roles of runs whose database is gone. One that somebody has put to use since then is theirs. */
export async function dropMarkedRoles(server: Session): Promise<void> {
  const marked = await server.query<{ name: string }>(
    `SELECT r.rolname AS name FROM pg_roles r JOIN pg_shdescription d ON d.classoid = 'pg_authid'::regclass AND d.objoid = r.oid
      WHERE starts_with(d.description, $1)
        AND NOT EXISTS (SELECT FROM pg_database b WHERE b.datname = substr(d.description, length($1) + 1))`,
    [mark],
  )
  for (const { name } of marked) {
    try {
      await server.query(`DROP ROLE IF EXISTS ${identifier(name)}`)
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== inUse) throw error
      await server.query(`COMMENT ON ROLE ${identifier(name)} IS NULL`)
    }
  }
}

/** Takes the ledger out of a database that stays. Its event triggers are the set's, and none of this is theirs to see. */
export async function dropLedger(session: Session): Promise<void> {
  const [own] = await session.query<{ superuser: boolean }>(
    'SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = current_user',
  )
  if (own?.superuser === true) await session.query(`SELECT set_config('session_replication_role', 'replica', false)`)
  await session.query(`DROP SCHEMA IF EXISTS ${ledgerSchema} CASCADE`)
}
