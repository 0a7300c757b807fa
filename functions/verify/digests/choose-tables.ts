import type { DigestAge } from '../../archive/digest-ages.ts'

/** A table whose digest may be compared in this verification, or left to a later one. */
export interface DigestCandidate extends DigestAge {
  /** COPY text. */
  rawBytes: number
  /** Compared in every verification, whatever the share. */
  always?: boolean
}

/** By when a digest has to be compared again. */
export interface DigestDeadline {
  /** Longest time between two comparisons of one table. */
  withinMs: number
  /** When the next verification is due. */
  nextMs: number
}

/**
 * Chooses the tables whose digests are compared in this verification; returns their places in the list, in order. Those whose
 * turn would come too late if it were left to the next verification, whatever they hold. Then, until the share of the bytes
 * is reached, those never compared, and those not compared for the longest time, larger ones first. A table is compared
 * whole: the last one may go beyond the share, and one larger than the share takes its turn like any other.
 *
 * So each run compares at least the share, oldest first: everything is compared once in 100 / share runs, rounded up, and
 * after runs that failed the next one takes all that is late.
 */
export function chooseTables(
  tables: readonly DigestCandidate[],
  sharePercent: number,
  deadline: DigestDeadline | undefined,
): number[] {
  const chosen = new Set<number>()
  const budget = sum(tables) * (sharePercent / 100)
  let taken = 0
  const take = (place: number, table: DigestCandidate): void => {
    chosen.add(place)
    taken += weight(table)
  }
  const waiting: [place: number, table: DigestCandidate][] = []
  for (const [place, table] of tables.entries()) {
    if (table.always === true || isLate(table, deadline)) take(place, table)
    else waiting.push([place, table])
  }
  for (const [place, table] of waiting.sort(([at, a], [bt, b]) => inTurn(a, b) || at - bt)) {
    if (taken >= budget) break
    take(place, table)
  }
  return [...chosen].sort((a, b) => a - b)
}

/** Whether a table would go without a comparison for too long, if this verification left it out. */
export function isLate({ sinceMs }: Pick<DigestAge, 'sinceMs'>, deadline: DigestDeadline | undefined): boolean {
  return deadline !== undefined && deadline.nextMs - sinceMs > deadline.withinMs
}

function inTurn(a: DigestCandidate, b: DigestCandidate): number {
  return Number(a.compared) - Number(b.compared) || a.sinceMs - b.sinceMs || b.rawBytes - a.rawBytes
}

/** Something even for an empty table, so that the share of all is reached with the last table and not before. */
function weight({ rawBytes }: DigestCandidate): number {
  return rawBytes + 1
}

function sum(tables: readonly DigestCandidate[]): number {
  return tables.reduce((total, table) => total + weight(table), 0)
}
