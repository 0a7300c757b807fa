import { Failure } from '../platform/failure.ts'
import type { ClientTools } from '../platform/postgres/client-tools.ts'
import type { Session } from '../platform/postgres/session.ts'
import { databaseArgument } from '../platform/postgres/tool-environment.ts'
import { explainToolFailure } from '../platform/postgres/tool-failure.ts'
import { start } from '../platform/process/start.ts'
import type { Findings } from './findings.ts'

export interface IndexCheck {
  tools: ClientTools
  env: Record<string, string>
  session: Session
  jobs: number
  /** Whether indexes are walked; without it only their validity is looked at. */
  amcheck: boolean
  signal: AbortSignal
}

/** What came of it; `notChecked` says what could not be done, `note` what was not wanted. */
export interface CheckedIndexes {
  /** Walked from end to end. */
  indexes: number
  notChecked?: string
  note?: string
}

const ownSchema = 'ballast_amcheck'
const maxReports = 50

/**
 * Walks every B-tree index against its table, and every table's own structure, with pg_amcheck; other kinds of index are
 * asked for their validity only. Adds an extension to the restored database for that time.
 */
export async function checkIndexes(options: IndexCheck, findings: Findings): Promise<CheckedIndexes> {
  const { tools, session, amcheck } = options
  await findInvalidIndexes(session, findings)
  const walker = await prepareWalk(tools, session, amcheck)
  if (typeof walker !== 'string') return { indexes: 0, ...walker }
  try {
    await walkIndexes(walker, options, findings)
  } finally {
    await removeWalk(session)
  }
  const [count] = await session.query<{ indexes: string }>(
    `SELECT count(*)::text AS indexes FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
        AND n.nspname <> 'information_schema'`,
  )
  return { indexes: Number(count?.indexes ?? 0) }
}

/** Indexes that the server itself calls unusable are findings. */
export async function findInvalidIndexes(session: Session, findings: Findings): Promise<void> {
  const invalid = await session.query<{ name: string }>(
    `SELECT i.indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE NOT (i.indisvalid AND i.indisready AND i.indislive) AND c.relkind = 'i' ORDER BY 1`,
  )
  for (const { name } of invalid) findings.add(`index ${name}`, 'is not valid in the restored database')
}

/** Adds to the restored database what pg_amcheck needs, and returns its path; or what stands against it. */
export async function prepareWalk(
  { amcheck: program, directory }: ClientTools,
  session: Session,
  wanted: boolean,
): Promise<string | Pick<CheckedIndexes, 'notChecked' | 'note'>> {
  if (!wanted) return { note: 'indexes were not walked with pg_amcheck: backup.verify.amcheck is false' }
  if (program === undefined) return { notChecked: `indexes: ${directory} holds no pg_amcheck` }
  const refusal = await installAmcheck(session)
  return refusal === undefined ? program : { notChecked: `indexes: the extension amcheck could not be used: ${refusal}` }
}

/** Takes away what {@link prepareWalk} has added. */
export async function removeWalk(session: Session): Promise<void> {
  await session.query(`DROP SCHEMA IF EXISTS ${ownSchema} CASCADE`)
}

/** What stands against amcheck here, in words; undefined when it is there. */
async function installAmcheck(session: Session): Promise<string | undefined> {
  const [present] = await session.query(`SELECT FROM pg_extension WHERE extname = 'amcheck'`)
  if (present !== undefined) return undefined
  try {
    await session.query(`BEGIN; CREATE SCHEMA ${ownSchema}; CREATE EXTENSION amcheck SCHEMA ${ownSchema}; COMMIT`)
    return undefined
  } catch (error) {
    // Only what the server itself answered: a lost session or an interruption is no answer.
    if (!(error instanceof Failure) || !/^(0A|42|58)/.test(error.code ?? '')) throw error
    await session.query('ROLLBACK')
    return error.message
  }
}

/**
 * Walks all that there is, or what the relations name. pg_amcheck tells of damage on stdout and by exit code 2.
 *
 * @param relations options of pg_amcheck that name some.
 */
export async function walkIndexes(
  command: string,
  { env, session, jobs, signal }: Omit<IndexCheck, 'tools' | 'amcheck'>,
  findings: Findings,
  relations: readonly string[] = ['--exclude-schema=pg_catalog'],
): Promise<void> {
  const args = [
    ...['--heapallindexed', '--no-password', `--jobs=${jobs}`, ...relations],
    databaseArgument(session.settings.database),
  ]
  const child = start({ command, args, env, signal, explain: explainToolFailure })
  const reports: string[] = []
  let rest = ''
  for await (const bytes of child.stdout as AsyncIterable<Buffer>) {
    const lines = `${rest}${bytes.toString('utf8')}`.split('\n')
    rest = (lines.pop() ?? '').slice(0, 10_000)
    for (const line of lines) if (reports.length < 2 * maxReports && line !== '') reports.push(line)
  }
  const failure = await child.done.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (failure === undefined) return
  if (!(failure instanceof Failure) || failure.code !== 'exit 2') throw failure
  for (const { subject, problem } of amcheckReports(reports)) findings.add(subject, problem)
}

/** What pg_amcheck said: a line that names the relation, then indented ones that say what is wrong with it. */
export function amcheckReports(lines: readonly string[]): { subject: string; problem: string }[] {
  const found: { subject: string; problem: string }[] = []
  for (const line of lines) {
    const relation = /^(btree index|heap table) "(.*)"(.*):$/.exec(line)
    const last = found.at(-1)
    if (relation !== null) {
      const kind = relation[1] === 'btree index' ? 'index' : 'table'
      found.push({ subject: `${kind} ${relation[2]?.replace(/^[^.]*\./, '')}`, problem: `is damaged${relation[3]}:` })
    } else if (last !== undefined) {
      last.problem = `${last.problem} ${line.trim()}`
    }
  }
  return found.length > 0
    ? found.slice(0, maxReports)
    : [{ subject: 'indexes', problem: `pg_amcheck found damage: ${lines[0] ?? ''}` }]
}
