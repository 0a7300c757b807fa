import { unitFile } from '../archive/keys.ts'
import type { ManifestFile, ManifestTable } from '../archive/manifest.ts'
import type { LoadChunk, LoadTask } from './load-unit.ts'

/** One task per unit, the one with most text first, so that no worker is left with a large one at the end. */
export function planLoads(tables: readonly ManifestTable[], units: readonly ManifestFile[]): LoadTask[] {
  const byUnit = new Map<number, LoadChunk[]>()
  for (const { schema, name, columns, chunks } of tables) {
    for (const { unit, ...chunk } of chunks) {
      const list = byUnit.get(unit) ?? []
      list.push({ schema, name, columns, ...chunk })
      byUnit.set(unit, list)
    }
  }
  const files = new Map(units.map((file) => [file.file, file]))
  const tasks = [...byUnit].map(([unit, chunks]): LoadTask => {
    chunks.sort((a, b) => a.offset - b.offset)
    const file = files.get(unitFile(unit))
    return { unit, chunks, ...(file !== undefined && needsOwnHash(file, chunks) ? { sha256: file.sha256 } : {}) }
  })
  return tasks.sort((a, b) => rawBytes(b) - rawBytes(a) || a.unit - b.unit)
}

/** Whether the chunks are all of the unit, and their own hashes are not already that of the whole. */
function needsOwnHash(file: ManifestFile, chunks: readonly LoadChunk[]): boolean {
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0)
  const [only] = chunks
  return bytes === file.bytes && !(chunks.length === 1 && only?.sha256 === file.sha256)
}

function rawBytes(task: LoadTask): number {
  return task.chunks.reduce((sum, chunk) => sum + chunk.rawBytes, 0)
}
