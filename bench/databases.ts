import { join } from 'node:path'
import { Failure } from '../functions/platform/failure.ts'
import { run } from '../functions/platform/process/run.ts'
import { sessionEnvironment } from '../sandbox/psql.ts'
import { pipeline } from './measure/command.ts'
import { runMeasured } from './measure/run-measured.ts'
import type { DatasetFacts, DatasetName } from './results.ts'
import type { Workshop } from './workshop.ts'

const loadsWithinMs = 2 * 60 * 60_000

/** Runs a script as the superuser, for as long as loading takes, and returns its rows. */
export async function query(workshop: Workshop, database: string, script: string): Promise<string> {
  const { sandbox, signal, path } = workshop
  const { stdout } = await run({
    command: join(sandbox.pgBin, 'psql'),
    args: ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-f', '-'],
    env: { PATH: path, ...sessionEnvironment(sandbox.primary.adminUrl(database)) },
    input: Buffer.from(script),
    signal,
    timeoutMs: loadsWithinMs,
  })
  return stdout.trimEnd()
}

/** Creates an empty database owned by the superuser. */
export async function createDatabase(workshop: Workshop, name: string): Promise<void> {
  await query(workshop, 'postgres', `CREATE DATABASE "${name}" TEMPLATE template0`)
}

/** Drops a database, whoever is still in it. */
export async function dropDatabase(workshop: Workshop, name: string): Promise<void> {
  await query(workshop, 'postgres', `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
}

/** Builds a database from groups of scripts, two of a group at a time. */
export async function buildDatabase(workshop: Workshop, name: string, groups: readonly string[][]): Promise<void> {
  await createDatabase(workshop, name)
  for (const group of groups) await allEnded(group.map((script) => query(workshop, name, script)))
}

/** Says what a database holds, and reads all of it, so that every tool finds it in memory. */
export async function surveyDatabase(workshop: Workshop, database: string, name: DatasetName): Promise<DatasetFacts> {
  const { tables, rows } = parseFingerprint(await fingerprint(workshop, database))
  const text = await runMeasured(
    pipeline('pg_dump -Fp --data-only | wc -c', {
      PATH: workshop.path,
      ...sessionEnvironment(workshop.sandbox.backupUrl(database)),
    }),
    workshop.around,
  )
  const disk = await query(workshop, database, 'SELECT pg_database_size(current_database())')
  return { name, tables, rows, textBytes: Number(text.output), diskBytes: Number(disk) }
}

/** Rows per table and the numbers of indexes and constraints: what a restored database must have alike. */
export async function fingerprint(workshop: Workshop, database: string): Promise<string> {
  return await query(workshop, database, fingerprintScript)
}

/** The sums of a fingerprint. */
export function parseFingerprint(text: string): { tables: number; rows: number } {
  const counts = text.split('\n').flatMap((line) => /^table .*\|(\d+)$/.exec(line)?.[1] ?? [])
  return { tables: counts.length, rows: counts.reduce((sum, count) => sum + Number(count), 0) }
}

/** Refuses a restore that brought something else than the source holds. */
export async function assertRestored(workshop: Workshop, database: string, expected: string, tool: string): Promise<void> {
  if ((await fingerprint(workshop, database)) === expected) return
  throw new Failure(`${tool} restored something else than the source holds`, {
    kind: 'permanent',
    subject: tool,
    hint: 'Its time means nothing until it restores every row, index and constraint.',
  })
}

/** Brings the server and the disk to rest before a run, so that no run pays for what an earlier one wrote. */
export async function settle(workshop: Workshop): Promise<void> {
  await query(workshop, 'postgres', 'CHECKPOINT')
  await run({ command: '/bin/sync', args: [], env: {} })
}

/** Waits for all of them, so that nothing works on after the first failure. */
async function allEnded(work: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(work)
  await Promise.all(work)
}

const fingerprintScript = `
SELECT 'table ' || oid::regclass,
  (xpath('/row/count/text()', query_to_xml(format('SELECT count(*) FROM %s', oid::regclass), false, true, '')))[1]
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1;
SELECT 'indexes', count(*) FROM pg_index JOIN pg_class ON oid = indexrelid
WHERE relnamespace = 'public'::regnamespace AND indisvalid;
SELECT 'constraints', count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND convalidated`
