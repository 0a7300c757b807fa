import type { Manifest, ManifestTable } from '../../functions/archive/manifest.ts'

const sha256 = 'a'.repeat(64)

/** A table of two rows in unit 1. */
export function sampleTable(changed: Partial<ManifestTable> = {}): ManifestTable {
  return {
    schema: 'public',
    name: 'orders',
    oid: 16_384,
    columns: ['id', 'note'],
    rows: 2,
    rawBytes: 12,
    digest: '0123456789abcdef',
    stored: 'units',
    chunks: [{ unit: 1, offset: 0, length: 21, rawBytes: 12, rows: 2, sha256 }],
    ...changed,
  }
}

/** A whole and valid manifest of a small set. */
export function sampleManifest(changed: Partial<Manifest> = {}): Manifest {
  return {
    format: 1,
    summary: {
      set: '2026-11-22T060000Z-daily',
      cluster: 'shop',
      database: 'app',
      startedAt: '2026-11-22T06:00:00.000Z',
      finishedAt: '2026-11-22T06:00:09.500Z',
      tables: 1,
      rows: 2,
      rawBytes: 12,
      storedBytes: 1_300,
      serverVersion: '17.6 (Debian 17.6-1)',
      sourceRole: 'standby',
    },
    ballast: '0.1.0',
    source: { systemIdentifier: '7412345678901234567', timeline: 1, snapshotLsn: '0/3000148', versionNum: 170_006 },
    tools: { pgDump: '17.6' },
    databaseProperties: {
      name: 'app',
      owner: 'app',
      encoding: 'UTF8',
      collate: 'C.UTF-8',
      ctype: 'C.UTF-8',
      localeProvider: 'libc',
      connectionLimit: -1,
      settings: [{ role: 'web', setting: 'search_path', value: '"$user", public' }],
    },
    files: [
      { file: 'schema.dump', bytes: 1_000, sha256 },
      { file: 'globals.sql', bytes: 279, sha256 },
    ],
    units: [{ file: 'data/000001.zst', bytes: 21, sha256 }],
    tables: [sampleTable()],
    sequences: [{ schema: 'public', name: 'orders_id_seq', owner: { schema: 'public', table: 'orders', column: 'id' } }],
    largeObjects: { pages: 0, digest: '0000000000000000' },
    omitted: [{ subject: 'table public.cache', reason: 'unlogged: a standby does not have its rows' }],
    warnings: [],
    secondsByPhase: { hold: 0.2, copy: 9.1 },
    ...changed,
  }
}
