import { applySettings, qualified } from '../archive/copy-text.ts'
import { databasePropertyStatements } from '../archive/database-properties.ts'
import type { Manifest } from '../archive/manifest.ts'
import { Failure } from '../platform/failure.ts'
import { patienceSettings } from '../platform/postgres/patience.ts'
import { assertDirect } from '../platform/postgres/pooler.ts'
import { openSession, type Session } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import type { Selection } from './selection.ts'
import type { TocEntry } from './toc.ts'

/** Opens the target and makes sure that restoring into it can work at all. Changes nothing. */
export async function openTarget(target: ConnectionSettings, manifest: Manifest, signal?: AbortSignal): Promise<Session> {
  const session = await openSession(target, { applicationName: 'ballast restore', ...(signal && { signal }) })
  try {
    await assertDirect(session)
    await session.query(applySettings({ ...patienceSettings(session.versionNum), search_path: '' }))
    const [state] = await session.query<{ recovering: boolean; encoding: string }>(
      `SELECT pg_is_in_recovery() AS recovering, current_setting('server_encoding') AS encoding`,
    )
    if (state?.recovering === true) throw refused(session, 'is a standby, which takes no writes', 'Restore into the primary.')
    const oldest = Math.max(major(manifest.source.versionNum), Number.parseInt(manifest.tools.pgDump, 10))
    if (major(session.versionNum) < oldest) {
      const what = `runs PostgreSQL ${major(session.versionNum)}, and the set was written for ${oldest} or newer`
      throw refused(session, what, `Restore into a server of version ${oldest} or newer.`)
    }
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}

/** Fails when restoring would run into what is there: any object for a whole set, the chosen tables for a part of it. */
export async function refuseOccupied(session: Session, selection: Selection): Promise<void> {
  const present =
    selection.dumpIds === undefined
      ? await session.query<{ name: string }>(userObjectsSql)
      : await presentTables(session, selection)
  if (present.length === 0) return
  const names = present.slice(0, 5).map(({ name }) => name)
  const more = present.length > names.length ? ', ...' : ''
  const hint = 'Restore into an empty database (createdb --template=template0 NAME), or add --clean to replace what is there.'
  throw refused(session, `already holds ${names.join(', ')}${more}; nothing was changed`, hint)
}

/** Fails when the target lacks roles that the entries to restore belong to: that would stop the restore in the middle. */
export async function refuseMissingOwners(session: Session, entries: readonly TocEntry[]): Promise<void> {
  const owners = new Set(entries.map(({ owner }) => owner).filter((owner) => owner !== ''))
  const missing = await session.query<{ name: string }>(
    'SELECT name FROM unnest($1::text[]) AS name WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) ORDER BY name',
    [[...owners]],
  )
  if (missing.length === 0) return
  const names = missing.map(({ name }) => name)
  throw new Failure(`the target server lacks the roles that own the set's objects: ${names.join(', ')}`, {
    kind: 'config',
    subject: names[0] ?? '',
    hint: 'Add --roles to create them from the set (needs a role that may), or --no-owner --no-privileges to do without; nothing was changed.',
  })
}

/** Gives the target database the recorded properties. */
export async function applyDatabaseProperties(
  session: Session,
  manifest: Manifest,
  options: { noOwner: boolean; noPrivileges: boolean },
): Promise<void> {
  const { grants, settings, ...rest } = manifest.databaseProperties
  const properties = {
    ...rest,
    settings: options.noOwner ? settings.filter(({ role }) => role === undefined) : settings,
    ...(options.noPrivileges || grants === undefined ? {} : { grants }),
  }
  const [target] = await session.query<{ name: string; owned: boolean }>(
    `SELECT quote_ident(datname) AS name, pg_has_role(datdba, 'USAGE') AS owned FROM pg_database WHERE datname = current_database()`,
  )
  // Without ownership wanted, a role that may not alter the database restores everything else.
  if (target === undefined || (options.noOwner && !target.owned)) return
  for (const statement of databasePropertyStatements(properties, target.name)) await session.query(statement)
}

/** What a user put into a database: objects outside the system's schemas that no extension brought. */
const userObjectsSql = `
SELECT name FROM (
  SELECT c.oid::regclass::text AS name, 'pg_class'::regclass AS classid, c.oid FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL SELECT p.oid::regprocedure::text, 'pg_proc'::regclass, p.oid FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL SELECT 'type ' || t.oid::regtype, 'pg_type'::regclass, t.oid FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('d', 'e', 'r') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL SELECT 'schema ' || quote_ident(nspname), 'pg_namespace'::regclass, oid FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
  UNION ALL SELECT 'large object ' || oid, 'pg_largeobject'::regclass, oid FROM pg_largeobject_metadata
) o
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.oid AND d.deptype IN ('e', 'i'))
ORDER BY 1 LIMIT 20`

async function presentTables(session: Session, selection: Selection): Promise<{ name: string }[]> {
  return await session.query<{ name: string }>(
    'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL ORDER BY name LIMIT 20',
    [selection.tables.map(qualified)],
  )
}

function major(versionNum: number): number {
  return Math.floor(versionNum / 10_000)
}

function refused(session: Session, what: string, hint: string): Failure {
  const { database } = session.settings
  return new Failure(`the target database "${database}" ${what}`, { kind: 'config', subject: database, hint })
}
