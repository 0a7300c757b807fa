import type { Uploader } from './uploaders.ts'

/** A way to back up with PostgreSQL's own tools, and the way back where it is measured too. */
export interface StockDump {
  name: string
  /** Below the folder of the run. */
  object: string
  backup: (uploader: Uploader) => string
  restore?: (uploader: Uploader) => string
}

/** The uploads go to one object, or, of a directory, to one folder. Restoring in parallel needs the archive in a local file. */
export const stockDumps: readonly StockDump[] = [
  {
    name: 'pg_dump -Fc',
    object: 'archive.dump',
    backup: ({ uploadPipe }) => `pg_dump -Fc | ${uploadPipe}`,
    restore: ({ downloadFile }) => `${downloadFile}; pg_restore -j2 --exit-on-error -d "$PGDATABASE" "$FILES"`,
  },
  {
    name: 'pg_dump -Fd -j2 -Z1',
    object: 'archive',
    // A copy that is thrown away after the upload needs no fsync.
    backup: ({ uploadDirectory }) => `pg_dump -Fd -j2 -Z1 --no-sync -f "$FILES"; ${uploadDirectory}`,
    restore: ({ downloadDirectory }) => `${downloadDirectory}; pg_restore -j2 --exit-on-error -d "$PGDATABASE" "$FILES"`,
  },
  {
    name: 'pg_dump -Fc -Z0 | zstd -1',
    object: 'archive.dump.zst',
    backup: ({ uploadPipe }) => `pg_dump -Fc -Z0 | zstd -1 -q | ${uploadPipe}`,
  },
]
