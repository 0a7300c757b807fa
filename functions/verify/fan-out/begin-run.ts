import { identifier } from '../../archive/copy-text.ts'
import { createdRoles, roleStatements } from '../../archive/role-statements.ts'
import { ballastVersion } from '../../archive/version.ts'
import { Failure } from '../../platform/failure.ts'
import { openSession, type Session } from '../../platform/postgres/session.ts'
import { createMissingRoles } from '../../restore/create-roles.ts'
import { openLedger } from '../../restore/fan-out/ledger.ts'
import { createLike } from '../databases.ts'
import { alone, dropMarkedRoles, dropScratch, scratchDatabases } from './drop-run.ts'
import { isScratch, runDatabase, runIn, scratchDatabase, watchedConnection } from './run-database.ts'
import { madeRolesOf, type RunDocument, runDocument } from './run-document.ts'
import type { CheckedSource } from './set-source.ts'
import type { StepContext } from './step-context.ts'

/** A run that no step was at work on for so long is one that nobody will end any more. */
const deadSeconds = 3600

/**
 * Whether another run makes use of the server: two would take each other's roles for the server's own. What a run has left behind
 * that nobody will end is removed.
 */
async function isBusy({ address, as, signal, note }: StepContext, server: Session): Promise<boolean> {
  const own = as === null ? scratchDatabase(address) : undefined
  for (const name of (await scratchDatabases(server)).filter((one) => isScratch(one) && one !== own)) {
    const run = await runIn(server, name, signal)
    if (run !== undefined && run.idleSeconds < deadSeconds) {
      note(`waiting for the run of database "${name}"`)
      return true
    }
    note(`removing what a run has left behind: database "${name}"`)
    await dropScratch(server, name, madeRolesOf(run))
  }
  return false
}

/**
 * Makes the database that is restored into, its ledger and the roles that the set needs. Called again, it goes on where it was
 * interrupted. False when the server is not free for it yet.
 */
export async function beginRun(context: StepContext, server: Session, source: CheckedSource): Promise<boolean> {
  const name = runDatabase(context)
  return await alone(server, async () => {
    await dropMarkedRoles(server)
    if (await isBusy(context, server)) return false
    const there = await server.query('SELECT FROM pg_database WHERE datname = $1', [name])
    const run = there.length > 0 ? await runIn(server, name, context.signal) : undefined
    if (run === undefined && there.length > 0) await clear(context, server, name)
    const made = run === undefined ? await makeDatabase(server, name, source) : {}
    const document = await newDocument(context, server, source, made.note)
    const session = await openSession(watchedConnection(server.settings, name), { signal: context.signal })
    try {
      runDocument((await openLedger(session, document)).document, context.address)
    } finally {
      await session.close()
    }
    if (source.whole !== undefined) await createMissingRoles(server, source.whole.globals)
    return true
  })
}

/** A database without a ledger: of our own making it was interrupted before it had one. */
async function clear({ as }: StepContext, server: Session, name: string): Promise<void> {
  if (as === null) {
    await server.query(`DROP DATABASE ${identifier(name)} WITH (FORCE)`)
    return
  }
  throw new Failure(`there is a database "${name}" already, and it is not one that a restore is at work on`, {
    ...{ kind: 'config', subject: name, code: 'Occupied' },
    hint: 'Name a database that does not exist yet, or drop this one; nothing was changed.',
  })
}

async function makeDatabase(server: Session, name: string, { whole }: CheckedSource): Promise<{ note?: string }> {
  // What is damaged is not restored; its database only keeps what was found.
  if (whole !== undefined) return await createLike(server, name, whole.manifest.databaseProperties, undefined)
  await server.query(`CREATE DATABASE ${identifier(name)} TEMPLATE template0`)
  return {}
}

async function newDocument(
  { address, beganMs }: StepContext,
  server: Session,
  { manifestSha256, found, notes, whole }: CheckedSource,
  localeNote: string | undefined,
): Promise<RunDocument> {
  const roles = (await server.query<{ name: string }>('SELECT rolname AS name FROM pg_roles')).map(({ name }) => name)
  const ofSet = whole === undefined ? [] : createdRoles(roleStatements(whole.globals))
  return {
    ...{ format: 1, ballast: ballastVersion, ...address, startedMs: beganMs, checkedMs: Date.now(), manifestSha256 },
    ...{
      findings: found.list,
      findingsTotal: found.total,
      notes: [...notes, ...(localeNote === undefined ? [] : [localeNote])],
    },
    ...(localeNote === undefined ? {} : { localeNote }),
    ...{ foreignRoles: roles, madeRoles: ofSet.filter((role) => !roles.includes(role)) },
  }
}
