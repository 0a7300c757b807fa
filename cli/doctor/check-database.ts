import { sequencesSql, tablesSql } from '../../functions/archive/database-sql.ts'
import { readabilityProblems } from '../../functions/backup/readability.ts'
import type { SequenceRow } from '../../functions/backup/source.ts'
import { unreadableLargeObjectsSql } from '../../functions/backup/source-sql.ts'
import type { TableRow } from '../../functions/backup/source-tables.ts'
import { readServerFacts, type ServerFacts } from '../../functions/doctor/server-facts.ts'
import { serverFindings } from '../../functions/doctor/server-verdicts.ts'
import { type Check, type Finding, fail, ok, warn } from '../../functions/platform/check.ts'
import { describeConnection } from '../../functions/platform/postgres/connection.ts'
import { assertDirect } from '../../functions/platform/postgres/pooler.ts'
import { openSession, type Session } from '../../functions/platform/postgres/session.ts'
import { asFailure } from '../run/as-failure.ts'
import type { DatabaseChoice } from '../settings/connection-choice.ts'
import { connectionSettings } from '../settings/connection-settings.ts'
import { plural } from '../terminal/format.ts'
import { about, failureFinding } from './findings.ts'

/** What was found about one database; the facts are missing when the server could not be asked. */
export interface CheckedDatabase {
  checks: Check[]
  facts?: ServerFacts
}

const namedProblems = 5

/** Connects as a backup would and looks at what a backup needs. */
export async function checkDatabase(
  choice: DatabaseChoice,
  workers: number,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<CheckedDatabase> {
  let subject = `database ${choice.name ?? ''}`.trim()
  let session: Session | undefined
  let reached: 'connection' | 'pooler' | 'server' = 'connection'
  const findings: Finding[] = []
  try {
    const settings = await connectionSettings(choice, env)
    subject = describeConnection(settings)
    session = await openSession(settings, { applicationName: 'ballast doctor', signal })
    findings.push(ok('connection', `${session.address.host}:${session.address.port} answers`))
    reached = 'pooler'
    await assertDirect(session)
    findings.push(ok('pooler', 'none between here and the server'))
    reached = 'server'
    const facts = await readServerFacts(session)
    if (facts === undefined) return { checks: about(subject, findings) }
    findings.push(...serverFindings(facts, workers), ...(await readabilityFindings(session, facts)))
    return { checks: about(subject, findings), facts }
  } catch (error) {
    const failure = asFailure(error, subject)
    if (failure.code === 'Aborted' || failure.kind === 'bug') throw failure
    return { checks: about(subject, [...findings, failureFinding(reached, failure)]) }
  } finally {
    await session?.close()
  }
}

async function readabilityFindings(session: Session, { standby }: ServerFacts): Promise<Finding[]> {
  const tables = await session.query<TableRow>(tablesSql)
  const sequences = await session.query<SequenceRow>(sequencesSql)
  const largeObjects = await session.query<{ oid: string }>(unreadableLargeObjectsSql)
  const problems = readabilityProblems(
    tables,
    sequences,
    largeObjects.map(({ oid }) => oid),
  )
  const unlogged = tables.filter((table) => table.unlogged)
  return [
    problems.length === 0
      ? ok('readable', `${plural(tables.length, 'table')}, ${plural(sequences.length, 'sequence')}`)
      : fail('readable', firstOf(problems), 'Grant what is missing: docs/backup-role.sql has the statements.'),
    ...(standby && unlogged.length > 0 ? [unloggedFinding(unlogged)] : []),
  ]
}

function unloggedFinding(unlogged: readonly TableRow[]): Finding {
  const names = unlogged.map(({ schema, name }) => `${schema}.${name}`)
  return warn(
    'unlogged',
    `a standby does not have the rows of ${plural(unlogged.length, 'unlogged table')}: ${firstOf(names)}`,
    'Back up from the primary if these rows matter; backups from here say that they are left out.',
  )
}

function firstOf(texts: readonly string[]): string {
  const more = texts.length > namedProblems ? `; and ${texts.length - namedProblems} more` : ''
  return texts.slice(0, namedProblems).join('; ') + more
}
