import { statfs } from 'node:fs/promises'
import { schemaFile } from '../../archive/keys.ts'
import type { Manifest } from '../../archive/manifest.ts'
import { Failure } from '../../platform/failure.ts'
import type { TocEntry } from '../../restore/toc.ts'

/**
 * One process writes a B-tree, however many sort for it. Four times what was measured: 5.3 million integers in a second, all in memory, by
 * PostgreSQL 15 on two cores.
 */
const mostRowsPerSecond = 20_000_000
const mebibyte = 1024 * 1024

/**
 * The indexes and keys of which one evidently takes longer than a call has, in words; those that take in all rows of their table
 * alone can be judged before they are built.
 */
export function indexesTooLarge(
  tables: readonly Pick<Manifest['tables'][number], 'oid' | 'rows'>[],
  toc: readonly TocEntry[],
  callSeconds: number,
): string[] {
  const rowsOf = new Map(tables.map(({ oid, rows }) => [oid, rows]))
  const rowsBelow = new Map(toc.filter(({ type }) => type === 'TABLE').map(({ dumpId, oid }) => [dumpId, rowsOf.get(oid) ?? 0]))
  return toc.flatMap(({ type, tag, definition, dependencies }) => {
    const whole = type === 'CONSTRAINT' || (type === 'INDEX' && / USING btree /.test(definition) && !/ WHERE /.test(definition))
    const rows = whole ? Math.max(0, ...dependencies.map((id) => rowsBelow.get(id) ?? 0)) : 0
    return rows > callSeconds * mostRowsPerSecond ? [`${type} ${tag} (${Math.round(rows / 1e6)} million rows)`] : []
  })
}

/** @throws Failure `permanent` with code `TooLarge` that names them. */
export function refuseLargeIndexes({ summary, tables }: Manifest, toc: readonly TocEntry[], callSeconds: number): void {
  const found = indexesTooLarge(tables, toc, callSeconds)
  if (found.length === 0) return
  throw tooLarge(summary.set, `one call of ${Math.round(callSeconds)} s cannot build ${found.slice(0, 5).join(', ')}`)
}

/** The archive has all large objects, and each step that needs one of its entries fetches it as a whole. */
export async function refuseLargeArchive(directory: string, { summary, files }: Manifest): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  const needed = files.find(({ file }) => file.startsWith(schemaFile))?.bytes ?? 0
  if (needed <= bavail * bsize) return
  const [takes, free] = [needed, bavail * bsize].map((bytes) => `${Math.ceil(bytes / mebibyte)} MB`)
  throw tooLarge(
    summary.set,
    `${schemaFile}, which has its large objects, takes ${takes} on disk, and ${directory} has ${free} free`,
  )
}

function tooLarge(set: string, why: string): Failure {
  return new Failure(`the set is too large for functions: ${why}`, {
    ...{ kind: 'permanent', subject: `set ${set}`, code: 'TooLarge' },
    hint: 'Use a VM, which has no such limits: `ballast verify` or `ballast restore` there; more of /tmp is runtime.lambda.storage. Nothing was changed.',
  })
}
