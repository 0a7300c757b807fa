import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../platform/failure.ts'
import { databaseArgument } from '../../platform/postgres/tool-environment.ts'
import { explainPsqlFailure, explainToolFailure } from '../../platform/postgres/tool-failure.ts'
import { run } from '../../platform/process/run.ts'
import { useList } from '../selection.ts'
import { type StockOptions, scriptArguments } from '../stock-restore.ts'
import type { TocEntry } from '../toc.ts'
import { markStatement } from './ledger.ts'

/** An archive that scripts are made of. */
export interface ScriptSource {
  pgRestore: string
  archive: string
  toc: readonly TocEntry[]
  options: StockOptions
  /** An existing private directory. */
  workDirectory: string
  env: Record<string, string>
  signal: AbortSignal
}

/** Has pg_restore write entries of the archive as a script for psql; returns its path. */
export async function writeScript(source: ScriptSource, name: string, entries: readonly number[]): Promise<string> {
  const { pgRestore, archive, toc, options, workDirectory, env, signal } = source
  const [list, script] = [join(workDirectory, `${name}.list`), join(workDirectory, `${name}.sql`)]
  await writeFile(list, useList(toc, new Set(entries)))
  const args = scriptArguments(archive, { useList: list, script }, options)
  await run({ command: pgRestore, args, env, signal, explain: explainToolFailure })
  return script
}

/** What {@link writeScript} writes. */
export async function scriptOf(source: ScriptSource, name: string, entries: readonly number[]): Promise<Uint8Array> {
  return await readFile(await writeScript(source, name, entries))
}

/** A script, and where it runs. */
export interface ScriptRun {
  psql: string
  env: Record<string, string>
  database: string
  workDirectory: string
  signal: AbortSignal
}

/** Has psql run a script and mark its task, in one transaction; anything that fails leaves nothing of it. */
export async function runScript(
  { psql, env, database, workDirectory, signal }: ScriptRun,
  task: number,
  script: string,
): Promise<void> {
  const mark = join(workDirectory, `${task}.mark.sql`)
  await writeFile(mark, markStatement(task))
  const args = [
    ...['--no-psqlrc', '--quiet', '--no-password', '--single-transaction', '--output=/dev/null'],
    ...['--set=ON_ERROR_STOP=1', '--set=VERBOSITY=verbose', `--dbname=${databaseArgument(database)}`],
    ...[`--file=${mark}`, `--file=${script}`],
  ]
  await run({ command: psql, args, env, signal, explain: explainPsqlFailure })
}

/** Whether a script failed because something is there twice, as its mark is when another call was faster. */
export function mayBeDone(error: unknown): boolean {
  return error instanceof Failure && error.code === '23505'
}
