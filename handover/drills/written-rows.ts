import type { Site } from '../sites/site.ts'
import { type RowWriter, rowsTable } from './row-writer.ts'

/** A row of the table, as text: `writer/number`. */
export type RowName = string

/** The rows that a node has. */
export async function rowsOn(site: Site, node: string, database: string, signal: AbortSignal): Promise<Set<RowName>> {
  const text = await site.sql(node, `SELECT writer || '/' || number FROM ${rowsTable}`, { database, signal })
  return new Set(text === '' ? [] : text.split('\n'))
}

/** The acknowledged rows of a writer that are not there. */
export function lostRows({ options: { writer }, acknowledged }: RowWriter, present: ReadonlySet<RowName>): RowName[] {
  return acknowledged.map(({ number }) => `${writer}/${number}`).filter((name) => !present.has(name))
}

/** Rows that only one of the two has. */
export function differentRows(one: ReadonlySet<RowName>, other: ReadonlySet<RowName>): RowName[] {
  return [...one.symmetricDifference(other)]
}
