import { randomBytes } from 'node:crypto'
import { Failure } from '../../functions/platform/failure.ts'
import { unlogged } from '../sites/password-sql.ts'
import { definedPrimary, type Site } from '../sites/site.ts'
import type { DrillLogin } from './drill.ts'

/** The role that drills log in with, and its schema. */
const user = 'ballast_drill'

const sweepSql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${user}';
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '${user}') AS left_over \\gset
\\if :left_over
DROP OWNED BY ${user} CASCADE;
DROP ROLE ${user};
\\endif
`

/**
 * Makes the role and the schema of this rehearsal, in the first database of the definition; what one that was killed left
 * behind is removed before.
 *
 * @throws Failure `transient` with code `Busy` while another rehearsal works with them.
 */
export async function makeDrillLogin(site: Site, signal: AbortSignal): Promise<DrillLogin> {
  const database = site.definition.databases[0]?.name ?? 'postgres'
  const primary = definedPrimary(site)
  await refuseSecond(site, primary, signal)
  const password = randomBytes(24).toString('hex')
  await site.sql(primary, sweepSql + makeSql(database, password), { database, signal })
  return { user, password, database }
}

/** Removes them again, with everything that drills made. */
export async function dropDrillLogin(site: Site, { database }: DrillLogin, signal: AbortSignal): Promise<void> {
  await site.sql(definedPrimary(site), sweepSql, { database, signal })
}

/** @param password of letters and digits. */
function makeSql(database: string, password: string): string {
  const name = `"${database.replaceAll('"', '""')}"`
  return `${unlogged}
CREATE ROLE ${user} LOGIN PASSWORD '${password}';
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${name} TO ${user};
CREATE SCHEMA ${user} AUTHORIZATION ${user};
ALTER ROLE ${user} IN DATABASE ${name} SET search_path = ${user};
`
}

/** PgBouncer keeps connections of an earlier rehearsal for a while: only one that works counts. */
const workingSql = `SELECT count(*) FROM pg_stat_activity
WHERE usename = '${user}' AND (state <> 'idle' OR state_change > now() - interval '30 seconds')`

async function refuseSecond(site: Site, primary: string, signal: AbortSignal): Promise<void> {
  if ((await site.sql(primary, workingSql, { signal })) === '0') return
  throw new Failure(`another rehearsal is at work on ${primary}: the role ${user} is logged in`, {
    ...{ kind: 'transient', subject: primary, code: 'Busy' },
    hint: 'Wait until it has ended; if none runs any more, try again in a minute.',
  })
}
