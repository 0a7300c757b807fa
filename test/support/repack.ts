import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { unitFile } from '../../functions/archive/keys.ts'
import type { VerifyBench } from './verify-bench.ts'

/**
 * Changes the rows of a table of one chunk as something would that damaged them before they were stored: every checksum of
 * the stored files is right, and what was recorded of the source (rows, digest) says otherwise.
 */
export async function repackTable(bench: VerifyBench, name: string, edit: (text: string) => string): Promise<void> {
  const manifest = await bench.manifest()
  const chunk = manifest.tables.find((table) => table.name === name)?.chunks[0]
  if (chunk === undefined) throw new Error(`there is no table ${name} with a chunk`)
  const file = unitFile(chunk.unit)
  const unit = await readFile(bench.path(file))
  const end = chunk.offset + chunk.length
  const text = zstdDecompressSync(unit.subarray(chunk.offset, end)).toString('utf8')
  const frame = zstdCompressSync(edit(text), { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
  const bytes = Buffer.concat([unit.subarray(0, chunk.offset), frame, unit.subarray(end)])
  const grown = frame.length - chunk.length
  await writeFile(bench.path(file), bytes)
  await bench.editManifest((edited) => {
    for (const other of edited.tables.flatMap(({ chunks }) => chunks)) {
      if (other.unit !== chunk.unit || other.offset < chunk.offset) continue
      if (other.offset > chunk.offset) other.offset += grown
      else Object.assign(other, { length: frame.length, sha256: sha256(frame) })
    }
    const stored = edited.units.find((one) => one.file === file)
    Object.assign(stored ?? {}, { bytes: bytes.length, sha256: sha256(bytes) })
    edited.summary.storedBytes += grown
  })
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
