import { identifier } from '../../archive/copy-text.ts'
import { createdRoles, roleStatements } from '../../archive/role-statements.ts'
import { ballastVersion } from '../../archive/version.ts'
import { Failure } from '../../platform/failure.ts'
import { openSession, type Session } from '../../platform/postgres/session.ts'
import { createMissingRoles } from '../../restore/create-roles.ts'
import { makeLedger } from '../../restore/fan-out/ledger.ts'
import { createLike } from '../databases.ts'
import { alone, dropMarkedRoles, dropScratch, dropUnfinished, scratchDatabases } from './drop-run.ts'
import { isScratch, runDatabase, runIn, scratchDatabase, unfinishedDatabase, watchedConnection } from './run-database.ts'
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
    await dropUnfinished(server)
    await dropMarkedRoles(server)
    if (await isBusy(context, server)) return false
    const there = await server.query('SELECT FROM pg_database WHERE datname = $1', [name])
    const run = there.length > 0 ? await runIn(server, name, context.signal) : undefined
    if (run === undefined && there.length > 0) await clear(context, server, name)
    if (run === undefined) await makeDatabase(context, server, name, source)
    else runDocument(run.document, context.address)
    if (source.whole !== undefined) await createMissingRoles(server, source.whole.globals)
    return true
  })
}

/** A database without a ledger is none of ours, but for its name. */
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

/** It gets its name with its ledger in it, so that one of that name without a ledger is never one that was interrupted. */
async function makeDatabase(context: StepContext, server: Session, name: string, source: CheckedSource): Promise<void> {
  const { note } = await createDatabase(server, source)
  const document = await newDocument(context, server, source, note)
  const session = await openSession(watchedConnection(server.settings, unfinishedDatabase), { signal: context.signal })
  try {
    await makeLedger(session, document)
  } finally {
    await session.close()
  }
  await server.query(`ALTER DATABASE ${identifier(unfinishedDatabase)} RENAME TO ${identifier(name)}`)
}

async function createDatabase(server: Session, { whole }: CheckedSource): Promise<{ note?: string }> {
  // What is damaged is not restored; its database only keeps what was found.
  if (whole !== undefined) return await createLike(server, unfinishedDatabase, whole.manifest.databaseProperties, undefined)
  await server.query(`CREATE DATABASE ${identifier(unfinishedDatabase)} TEMPLATE template0`)
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
