import { type SetAddress, unitFile } from '../archive/keys.ts'
import { archiveFormat, type Manifest, type ManifestFile, type ManifestTable } from '../archive/manifest.ts'
import { addDigests, emptyDigest } from '../archive/row-digest.ts'
import { storedFile } from '../archive/stored-file.ts'
import { ballastVersion } from '../archive/version.ts'
import type { ClientTools } from '../platform/postgres/client-tools.ts'
import type { ChunkResult, TaskResult } from './copy-unit.ts'
import type { PlannedTask } from './plan.ts'
import type { HeldSource } from './source.ts'
import type { SourceTable } from './source-tables.ts'
import { warningLines } from './stock-dump.ts'

export interface SetContent {
  address: SetAddress
  startedMs: number
  /** When all of it was stored; now, without it. */
  finishedMs?: number
  source: Omit<HeldSource, 'session' | 'snapshot'> & { session: { versionNum: number } }
  tools: Pick<ClientTools, 'version'>
  tasks: readonly PlannedTask[]
  /** In the order of the tasks. */
  rows: readonly TaskResult[]
  schema: { stored: ManifestFile; stderr: string }
  globals: { stored: ManifestFile; stderr: string }
  /** Whom the files are encrypted to; nobody where they are not. */
  recipients?: readonly string[] | undefined
  secondsByPhase: Record<string, number>
}

/** Puts together what the manifest says, from what was stored and measured. */
export function assembleManifest(content: SetContent): Manifest {
  const { source, tasks, rows, schema, globals, recipients = [] } = content
  const encryption = recipients.length === 0 ? undefined : { type: 'age' as const, recipients: [...recipients] }
  const units: ManifestFile[] = []
  const chunksByTable = new Map<number, { unit: number; result: ChunkResult }[]>()
  tasks.forEach((task, index) => {
    const unit = task.type === 'unit' ? task.unit : 0
    const result = rows[index]
    if (result?.stored !== undefined) {
      units.push({ file: storedFile({ encryption }, unitFile(unit)), bytes: result.stored.bytes, sha256: result.stored.sha256 })
    }
    for (const chunk of result?.chunks ?? []) {
      const list = chunksByTable.get(chunk.table) ?? []
      list.push({ unit, result: chunk })
      chunksByTable.set(chunk.table, list)
    }
  })
  const tables = source.tables.map((table, index) => manifestTable(table, chunksByTable.get(index) ?? []))
  const largeObjects = chunksByTable.get(source.tables.length)?.[0]?.result
  const files = [schema.stored, globals.stored]
  return {
    format: archiveFormat,
    summary: {
      ...content.address,
      startedAt: new Date(content.startedMs).toISOString(),
      finishedAt: new Date(content.finishedMs ?? Date.now()).toISOString(),
      tables: tables.length,
      rows: sum(tables, (table) => table.rows),
      rawBytes: sum(tables, (table) => table.rawBytes),
      storedBytes: sum([...files, ...units], (file) => file.bytes),
      serverVersion: source.identity.serverVersion,
      sourceRole: source.identity.standby ? 'standby' : 'primary',
    },
    ballast: ballastVersion,
    ...(encryption === undefined ? {} : { encryption }),
    source: {
      systemIdentifier: source.identity.systemIdentifier,
      timeline: source.identity.timeline,
      snapshotLsn: source.identity.snapshotLsn,
      versionNum: source.session.versionNum,
    },
    tools: { pgDump: content.tools.version },
    databaseProperties: source.database,
    files,
    units,
    tables,
    sequences: source.sequences,
    largeObjects: { pages: largeObjects?.rows ?? 0, digest: largeObjects?.digest ?? emptyDigest },
    omitted: source.omitted,
    warnings: [...warningLines(schema.stderr), ...warningLines(globals.stderr)],
    secondsByPhase: content.secondsByPhase,
  }
}

function manifestTable(table: SourceTable, chunks: readonly { unit: number; result: ChunkResult }[]): ManifestTable {
  return {
    schema: table.schema,
    name: table.name,
    oid: table.oid,
    columns: table.columns,
    rows: sum(chunks, ({ result }) => result.rows),
    rawBytes: sum(chunks, ({ result }) => result.bytes),
    digest: chunks.reduce((digest, { result }) => addDigests(digest, result.digest), emptyDigest),
    stored: table.leftToPgDump === undefined ? 'units' : 'schema.dump',
    ...(table.filter === undefined ? {} : { filter: table.filter }),
    chunks: chunks.flatMap(({ unit, result: { frame, bytes, rows } }) =>
      frame === undefined ? [] : [{ unit, ...frame, rawBytes: bytes, rows }],
    ),
  }
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
