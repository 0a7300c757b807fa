import { blockBytes } from '../../functions/backup/scale/sized-tables.ts'

/** Letters of one row: four rows fill a page, and no compression takes more than a quarter off them. */
const hashesOfRow = 22
const rowsOfPage = 4

/** A table of so many bytes on disk, whose rows hardly compress: what is measured of it is the store. */
export function noiseTable(name: string, diskBytes: number): string {
  const rows = Math.max(1, Math.round(diskBytes / blockBytes)) * rowsOfPage
  return `
CREATE TABLE ${name} (id integer NOT NULL, body text NOT NULL);
ALTER TABLE ${name} ALTER COLUMN body SET STORAGE PLAIN;
INSERT INTO ${name}
SELECT i, (SELECT replace(encode(string_agg(sha512(('${name}' || i || ' ' || part)::bytea), ''), 'base64'), E'\\n', '')
  FROM generate_series(1, ${hashesOfRow}) AS part)
FROM generate_series(1, ${rows}) AS i`
}
