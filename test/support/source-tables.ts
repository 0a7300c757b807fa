import type { SourceTable, TableRow } from '../../functions/backup/source-tables.ts'

/** A heap table of the source that the units can carry. */
export function sampleSourceTable(changed: Partial<SourceTable> = {}): SourceTable {
  return {
    schema: 'public',
    name: 'orders',
    oid: 16_384,
    columns: ['id', 'note'],
    heap: true,
    heapBytes: 0,
    toastBytes: 0,
    ...changed,
  }
}

/** A readable table as the catalogue query returns it. */
export function sampleTableRow(changed: Partial<TableRow> = {}): TableRow {
  return {
    oid: '16384',
    schema: 'public',
    name: 'orders',
    unlogged: false,
    heap: true,
    inExtension: false,
    filter: null,
    readable: true,
    filtered: false,
    hashedByEnum: false,
    columns: ['id', 'note'],
    ...changed,
  }
}
