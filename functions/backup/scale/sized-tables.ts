import { Failure } from '../../platform/failure.ts'
import type { SourceTable } from '../source-tables.ts'

/** A database that is planned for and need not exist; sizes are those of its tables on the source's disk, in bytes, TOAST included and indexes not. */
export interface PlannedSize {
  bytes: number
  tables: number
  /** Of the largest table that ctid ranges cut; by the usual spread without it. */
  largestBytes?: number
  /** One table more that no range cuts (an access method other than heap), which one call has to copy. */
  uncutBytes?: number
}

export const blockBytes = 8192
/** With it the second largest table is half as large as the largest, the third a third, and so on (Zipf). */
const usualExponent = 1
/** The largest table of very many is all there is. */
const steepestExponent = 40
const halvings = 60

/**
 * Tables as real databases have them: a few large ones, many small. The table of rank r is as large as the largest divided by r to
 * the power of an exponent: 1, or what makes the largest as large as it is said to be. The same sizes give the same tables.
 *
 * @throws Failure of kind `config` for sizes that contradict each other.
 */
export function sizedTables({ bytes, tables, largestBytes, uncutBytes }: PlannedSize): SourceTable[] {
  const [cutBytes, cutTables] = uncutBytes === undefined ? [bytes, tables] : [bytes - uncutBytes, tables - 1]
  if (cutBytes < 0 || cutTables < 0 || (cutTables === 0 && cutBytes >= blockBytes)) throw contradiction('--uncut', 'the others')
  const sizes =
    largestBytes === undefined ? spread(cutBytes, cutTables, usualExponent) : spreadFrom(cutBytes, cutTables, largestBytes)
  const heaps = sizes.map((heapBytes, index) => tableOf(index + 1, heapBytes, true))
  return uncutBytes === undefined ? heaps : [...heaps, tableOf(cutTables + 1, pages(uncutBytes), false)]
}

function spreadFrom(bytes: number, tables: number, largestBytes: number): number[] {
  const share = largestBytes / bytes
  if (share > 1 || share * tables < 1 || (tables > 1 && share === 1)) throw contradiction('--largest', 'all tables together')
  let [flatter, steeper] = [0, steepestExponent]
  for (let halving = 0; halving < halvings; halving += 1) {
    const exponent = (flatter + steeper) / 2
    if (1 / weightOf(tables, exponent) < share) flatter = exponent
    else steeper = exponent
  }
  return spread(bytes, tables, steeper)
}

function spread(bytes: number, tables: number, exponent: number): number[] {
  const largest = bytes / weightOf(tables, exponent)
  return Array.from({ length: tables }, (_, index) => pages(largest / (index + 1) ** exponent))
}

/** All tables together, measured by the largest. */
function weightOf(tables: number, exponent: number): number {
  let weight = 0
  for (let rank = 1; rank <= tables; rank += 1) weight += rank ** -exponent
  return weight
}

/** Whole pages, as a table has them. */
function pages(bytes: number): number {
  return Math.round(bytes / blockBytes) * blockBytes
}

function tableOf(rank: number, heapBytes: number, heap: boolean): SourceTable {
  return { schema: 'public', name: `table_${rank}`, oid: 16_383 + rank, columns: [], heap, heapBytes, toastBytes: 0 }
}

function contradiction(option: string, of: string): Failure {
  return new Failure(`${option} does not go with --size and --tables: ${of} would have less than nothing, or too much`, {
    ...{ kind: 'config', subject: option },
    hint: 'The largest table has at least its even share of --size, and less than all of it where there are others.',
  })
}
