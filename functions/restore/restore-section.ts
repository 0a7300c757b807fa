import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { explainToolFailure } from '../platform/postgres/tool-failure.ts'
import { run } from '../platform/process/run.ts'
import { postDataPasses } from './post-data-passes.ts'
import { useList } from './selection.ts'
import { restoreArguments, type Section, type StockOptions } from './stock-restore.ts'
import type { TocEntry } from './toc.ts'

/** An archive, and where it goes. */
export interface StockRestore {
  pgRestore: string
  env: Record<string, string>
  archive: string
  toc: readonly TocEntry[]
  /** The entries to restore; undefined means all of them. */
  dumpIds: ReadonlySet<number> | undefined
  database: string
  /** For the lists that pg_restore reads; the caller removes it. */
  workDirectory: string
  /** Parallel builds of indexes and checks of keys. */
  jobs: number
  options: StockOptions
  signal?: AbortSignal | undefined
}

/** Restores one section with pg_restore, which stops at the first error; post-data in passes that cannot deadlock. */
export async function restoreSection(restore: StockRestore, section: Section): Promise<void> {
  if (section !== 'post-data') return await runPgRestore(restore, section, restore.dumpIds, 1)
  for (const { dumpIds, parallel } of postDataPasses(restore.toc, restore.dumpIds)) {
    await runPgRestore(restore, section, dumpIds, parallel ? restore.jobs : 1)
  }
}

async function runPgRestore(
  { pgRestore, env, archive, toc, database, workDirectory, options, signal }: StockRestore,
  section: Section,
  dumpIds: ReadonlySet<number> | undefined,
  jobs: number,
): Promise<void> {
  const list = dumpIds === undefined ? undefined : join(workDirectory, `${section}.list`)
  if (list !== undefined && dumpIds !== undefined) await writeFile(list, useList(toc, dumpIds))
  const args = restoreArguments(archive, section, { database, jobs, ...(list !== undefined && { useList: list }) }, options)
  await run({ command: pgRestore, args, env, explain: explainToolFailure, ...(signal && { signal }) })
}
