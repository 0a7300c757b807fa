import { join } from 'node:path'
import { fanRestoreWorkers } from '../../../config/fan-out.ts'
import { qualified } from '../../archive/copy-text.ts'
import { globalsFile, schemaFile } from '../../archive/keys.ts'
import type { Manifest } from '../../archive/manifest.ts'
import { copyOutSql } from '../../archive/read-table.ts'
import { CopyOutReader } from '../../platform/postgres/copy/copy-out.ts'
import { toolEnvironment } from '../../platform/postgres/tool-environment.ts'
import { type ClaimedTask, doOnce, ledgerSchema } from '../../restore/fan-out/ledger.ts'
import type { RestoreBench } from '../../restore/fan-out/perform-restore.ts'
import { downloadFile, readTocOf } from '../../restore/set-files.ts'
import { applyDatabaseProperties } from '../../restore/target.ts'
import type { TocEntry } from '../../restore/toc.ts'
import { compareDefinitions } from '../compare.ts'
import { countRows } from '../digests/count-rows.ts'
import { definedSample } from '../digests/defined-sample.ts'
import { planDigests } from '../digests/plan-digests.ts'
import { Findings } from '../findings.ts'
import { findInvalidIndexes, prepareWalk, removeWalk, walkIndexes } from '../indexes.ts'
import type { ReadContent } from '../judge-rows.ts'
import { restoreSchema } from '../restored-set.ts'
import { planRows, readTargets, readTasks, tablesAt } from '../row-plan.ts'
import { newSchemaDatabase, openServer } from './run-database.ts'
import type { RunDocument } from './run-document.ts'
import { type CompareTask, countTasks, readTask, type TaskResult, taskOptions } from './run-tasks.ts'
import type { StepContext } from './step-context.ts'
import { planWalks, readWalked } from './walk-plan.ts'

/** What the tasks of a run are done with. */
export interface CompareBench extends RestoreBench {
  manifest: Manifest
  document: RunDocument
  context: StepContext
}

type Claimed<Type> = ClaimedTask<Extract<CompareTask, { type: Type }>>

/** Does a task of the comparison, unless it is done; what differs is part of its result. */
export async function performComparison(bench: CompareBench, { id, pass, task }: ClaimedTask<CompareTask>): Promise<void> {
  switch (task.type) {
    case 'plan comparison':
      return await planComparison(bench, { id, pass, task })
    case 'read rows':
      return await doOnce<TaskResult>(bench.session, id, async () => ({ result: { contents: await readChunks(bench, task) } }))
    case 'count rows':
      return await keep(bench, id, { counts: await countTables(bench, task.places) })
    case 'walk indexes':
      return await keep(bench, id, await walk(bench, task))
    case 'compare definitions':
      return await keep(bench, id, await definitions(bench))
  }
}

/** Of what was read and not changed, so that twice is as good as once. */
async function keep({ session }: CompareBench, id: number, result: TaskResult): Promise<void> {
  await doOnce(session, id, async () => ({ result }))
}

async function planComparison(bench: CompareBench, { id, pass }: Claimed<'plan comparison'>): Promise<void> {
  const { session, manifest, context, tools } = bench
  const { backup } = context.cluster
  const found = new Findings()
  const sample = await sampleOf(bench)
  const choice = { ledgerSchema, ...(sample && { digests: new Set(sample.chosen) }) }
  const { plan, sizes } = await planRows(session, manifest, choice, found)
  const targets = readTargets(manifest, plan)
  const reads = await readTasks(session, sizes, fanRestoreWorkers(backup))
  const walker = await prepareWalk(tools, session, backup.verify.amcheck)
  const obstacle = typeof walker === 'string' ? {} : walker
  const walks = typeof walker === 'string' ? await readWalked(session) : []
  const result: TaskResult = {
    ...{ plan, ...(sample && { sample }), findings: found.list, findingsTotal: found.total },
    ...{ notes: [obstacle.note ?? []].flat(), notChecked: [obstacle.notChecked ?? []].flat() },
  }
  const next = [
    ...reads.map((chunks) => readTask(chunks, targets, sizes, pass + 1)),
    ...countTasks(plan.counted, pass + 1),
    ...planWalks(walks, pass + 1),
  ]
  await doOnce(session, id, async () => ({ result, next }))
}

/** Undefined where every table is compared by digest. */
async function sampleOf({ manifest, address, document, context, signal }: CompareBench): Promise<TaskResult['sample']> {
  const rule = definedSample(context.cluster, document.startedMs)
  if (rule.sharePercent >= 100) return undefined
  const plan = await planDigests(context.store, address, manifest.tables, rule, { nowMs: document.startedMs, signal })
  return plan && { chosen: [...plan.chosen], digests: plan.digests }
}

async function readChunks(
  { session }: CompareBench,
  { chunks, targets }: Claimed<'read rows'>['task'],
): Promise<ReadContent[]> {
  const byIndex = new Map(targets)
  const copies = chunks.map(({ table, range }) => {
    const target = byIndex.get(table)
    if (target === undefined) throw new RangeError(`the task names table ${table}, and has none`)
    return { sql: copyOutSql(target, range), subject: `table ${qualified(target)}` }
  })
  const results = await new CopyOutReader(session).copy(copies)
  return results.map(({ rows, bytes, digest }, index) => ({ table: chunks[index]?.table ?? -1, rows, bytes, digest }))
}

async function countTables({ session, manifest, signal }: CompareBench, places: number[]): Promise<[number, number][]> {
  const { encoding: databaseEncoding } = manifest.databaseProperties
  const counting = { connection: session.settings, databaseEncoding, jobs: 1, signal }
  const counts = await countRows(tablesAt(manifest, places), counting)
  return places.map((place, index) => [place, counts[index] ?? 0])
}

async function walk(bench: CompareBench, { indexes, options }: Claimed<'walk indexes'>['task']): Promise<TaskResult> {
  const { session, tools, workDirectory, signal } = bench
  if (tools.amcheck === undefined) throw new Error('a walk was planned without pg_amcheck')
  const found = new Findings()
  const { env, dispose } = await toolEnvironment(session.settings, workDirectory)
  try {
    await walkIndexes(tools.amcheck, { env, session, jobs: 1, signal }, found, options)
  } finally {
    await dispose()
  }
  return { compared: { indexes }, findings: found.list, findingsTotal: found.total }
}

/** The last task of all: nobody else is connected when the database gets its own properties. */
async function definitions(bench: CompareBench): Promise<TaskResult> {
  const { session, manifest, contents, workDirectory, signal, document, tools } = bench
  await removeWalk(session)
  await applyDatabaseProperties(session, manifest, taskOptions)
  const [archive, globals] = [join(workDirectory, schemaFile), join(workDirectory, globalsFile)]
  await downloadFile(contents, schemaFile, archive, signal)
  await downloadFile(contents, globalsFile, globals, signal)
  const toc = await readTocOf(archive)
  const { env, dispose } = await toolEnvironment(session.settings, workDirectory)
  const found = new Findings()
  try {
    await findInvalidIndexes(session, found)
    const restored = {
      ...{
        manifest,
        connection: session.settings,
        tools,
        archive,
        globals,
        toc,
        workDirectory,
        jobs: 1,
        kind: 'target' as const,
      },
      ...{ sameLocale: document.localeNote === undefined, foreignRoles: new Set(document.foreignRoles), ledgerSchema },
      restoreSchema: () => schemaAlone(bench, archive, toc),
    }
    const { compared, notes } = await compareDefinitions(restored, { session, env, signal }, found)
    const { schemaEntries, sequences, roleStatements, databaseProperties } = compared
    const counts = { schemaEntries, sequences, roleStatements, databaseProperties }
    return { compared: counts, notes, findings: found.list, findingsTotal: found.total }
  } finally {
    await dispose()
  }
}

/** A database of the set's schema without rows; it is dropped with the run's own. */
async function schemaAlone(
  { context, manifest, tools, workDirectory, session, signal }: CompareBench,
  archive: string,
  toc: TocEntry[],
) {
  const server = await openServer(context)
  try {
    const name = newSchemaDatabase(session.settings.database)
    const place = { session: server, tools, workDirectory, madeDatabases: [] }
    return await restoreSchema(place, manifest, { archive, toc }, { name, owner: undefined, jobs: 1, signal })
  } finally {
    await server.close()
  }
}
