import type { ManifestTable } from '../archive/manifest.ts'
import type { LoadChunk, LoadTask } from './load-unit.ts'

/** One task per unit, the one with most text first, so that no worker is left with a large one at the end. */
export function planLoads(tables: readonly ManifestTable[]): LoadTask[] {
  const byUnit = new Map<number, LoadChunk[]>()
  for (const { schema, name, columns, chunks } of tables) {
    for (const { unit, ...chunk } of chunks) {
      const list = byUnit.get(unit) ?? []
      list.push({ schema, name, columns, ...chunk })
      byUnit.set(unit, list)
    }
  }
  const tasks = [...byUnit].map(([unit, chunks]) => ({ unit, chunks: chunks.sort((a, b) => a.offset - b.offset) }))
  return tasks.sort((a, b) => rawBytes(b) - rawBytes(a) || a.unit - b.unit)
}

function rawBytes(task: LoadTask): number {
  return task.chunks.reduce((sum, chunk) => sum + chunk.rawBytes, 0)
}
