import { globalsFile, schemaFile, unitFile } from '../archive/keys.ts'
import type { Manifest, ManifestFile, ManifestTable } from '../archive/manifest.ts'
import { storedFile } from '../archive/stored-file.ts'
import type { Findings } from './findings.ts'

/** Finds what a manifest says against itself: its own checksum cannot tell an edit that was signed anew. */
export function checkConsistency(manifest: Manifest, findings: Findings): void {
  const { summary, tables, files, units, encryption } = manifest
  const says = (what: string, expected: number, actual: number): void => {
    if (expected === actual) return
    findings.add('manifest.json', `contradicts itself: ${what}`, { expected: String(expected), actual: String(actual) })
  }
  says('number of tables', summary.tables, tables.length)
  says(
    'rows of all tables',
    summary.rows,
    sum(tables, (table) => table.rows),
  )
  says(
    'bytes of all tables',
    summary.rawBytes,
    sum(tables, (table) => table.rawBytes),
  )
  says(
    'bytes stored',
    summary.storedBytes,
    sum([...files, ...units], (file) => file.bytes),
  )
  for (const file of [schemaFile, globalsFile].map((name) => storedFile(manifest, name)))
    says(`files named ${file}`, 1, files.filter((one) => one.file === file).length)
  for (const table of tables) {
    if (table.stored === 'units') {
      says(
        `rows of ${table.schema}.${table.name}`,
        table.rows,
        sum(table.chunks, (chunk) => chunk.rows),
      )
      says(
        `bytes of ${table.schema}.${table.name}`,
        table.rawBytes,
        sum(table.chunks, (chunk) => chunk.rawBytes),
      )
    }
  }
  for (const problem of untiled(tables, units, encryption !== undefined))
    findings.add('manifest.json', `contradicts itself: ${problem}`)
}

/**
 * Units whose chunks leave a gap, overlap, or end elsewhere than the unit; and chunks of no unit. What is encrypted is larger
 * than its chunks.
 */
function untiled(tables: readonly ManifestTable[], units: readonly ManifestFile[], encrypted: boolean): string[] {
  const chunks = new Map<string, { offset: number; length: number }[]>()
  for (const { unit, offset, length } of tables.flatMap((table) => table.chunks)) {
    const file = encrypted ? `${unitFile(unit)}.age` : unitFile(unit)
    const list = chunks.get(file) ?? []
    list.push({ offset, length })
    chunks.set(file, list)
  }
  const problems: string[] = []
  for (const { file, bytes } of units) {
    let end = 0
    const parts = (chunks.get(file) ?? []).sort((a, b) => a.offset - b.offset)
    const gapless = parts.every(({ offset, length }) => {
      const follows = offset === end
      end = offset + length
      return follows
    })
    const fits = encrypted ? end < bytes : end === bytes
    if (!gapless || !fits) problems.push(`the chunks of ${file} do not make up its ${bytes} bytes`)
    chunks.delete(file)
  }
  return [...problems, ...[...chunks.keys()].map((file) => `${file} holds chunks and is not among the units`)]
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
