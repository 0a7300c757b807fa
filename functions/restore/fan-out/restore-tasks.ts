import type { Manifest } from '../../archive/manifest.ts'
import { planLoads } from '../load-plan.ts'
import type { LoadTask } from '../load-unit.ts'
import { entriesOf } from '../post-data-passes.ts'
import type { TocEntry } from '../toc.ts'
import { type EntryGroup, postDataGroups, preDataGroups } from './toc-groups.ts'

/** One thing to do of a restore, each in one transaction of the target. */
export type RestoreTask =
  /** Entries of the archive, as a script that is kept with the task; by name for people. */
  | { type: 'script'; entries: number[]; name: string }
  /** The chunks of a unit. */
  | { type: 'load'; load: LoadTask }
  /** Rows of tables that the archive itself holds. */
  | { type: 'archive rows'; entries: number[] }
  /** What else of data the archive holds (large objects, positions of sequences), which may be restored again and again. */
  | { type: 'archive data'; entries: number[] }

/** A task with its place in the order: the tasks of one pass may run at once, and after all those of the passes before. */
export interface PlannedTask<T> {
  pass: number
  /** COPY text that it is about: what is large is begun in a call that has its time before it. */
  bytes: number
  task: T
}

/** All that restores a whole set, from its first type to its last event trigger. */
export function planRestore(manifest: Manifest, toc: readonly TocEntry[]): PlannedTask<RestoreTask>[] {
  const planned: PlannedTask<RestoreTask>[] = []
  const byId = new Map(toc.map((entry) => [entry.dumpId, entry]))
  let pass = 0
  const follow = (groups: readonly EntryGroup[]): void => {
    for (const { entries, bytes } of groups) {
      planned.push({ pass, bytes, task: { type: 'script', entries, name: nameOf(entries, byId) } })
    }
    pass += 1
  }
  for (const group of preDataGroups(toc)) follow([group])
  const data = entriesOf(toc, 'data')
  const [rows, rest] = [data.filter(({ type }) => type === 'TABLE DATA'), data.filter(({ type }) => type !== 'TABLE DATA')]
  for (const [type, entries] of [
    ['archive rows', rows],
    ['archive data', rest],
  ] as const) {
    if (entries.length > 0) planned.push({ pass, bytes: 0, task: { type, entries: entries.map(({ dumpId }) => dumpId) } })
  }
  for (const load of planLoads(manifest.tables, manifest.units)) {
    planned.push({ pass, bytes: load.chunks.reduce((sum, { rawBytes }) => sum + rawBytes, 0), task: { type: 'load', load } })
  }
  pass += 1
  for (const groups of postDataGroups(toc, tableBytes(manifest, toc))) follow(groups)
  return planned
}

function nameOf([first = 0, ...others]: readonly number[], byId: ReadonlyMap<number, TocEntry>): string {
  const { type, schema, tag } = byId.get(first) ?? { type: 'entry', schema: '', tag: String(first) }
  const name = [type, schema, tag].filter((part) => part !== '').join(' ')
  return others.length === 0 ? name : `${name} and ${others.length} more`
}

/** COPY text of each table, by the dump id of its entry. */
function tableBytes({ tables }: Manifest, toc: readonly TocEntry[]): Map<number, number> {
  const byOid = new Map(tables.map(({ oid, rawBytes }) => [oid, rawBytes]))
  return new Map(
    toc.flatMap(({ type, oid, dumpId }) => {
      const bytes = type === 'TABLE' || type === 'MATERIALIZED VIEW' ? (byOid.get(oid) ?? 0) : undefined
      return bytes === undefined ? [] : [[dumpId, bytes] as const]
    }),
  )
}

/** The entries of the archive, and the units, that a plan leaves out; empty for every plan that is right. */
export function leftOutOf(
  planned: readonly PlannedTask<RestoreTask>[],
  manifest: Manifest,
  toc: readonly TocEntry[],
): string[] {
  const entries = new Set(planned.flatMap(({ task }) => (task.type === 'load' ? [] : task.entries)))
  const chunks = planned.reduce((sum, { task }) => sum + (task.type === 'load' ? task.load.chunks.length : 0), 0)
  const missing = toc.filter(({ dumpId }) => !entries.has(dumpId)).map(({ type, tag }) => `${type} ${tag}`)
  const wanted = manifest.tables.reduce((sum, table) => sum + table.chunks.length, 0)
  return chunks === wanted ? missing : [...missing, `${wanted - chunks} of ${wanted} chunks`]
}
