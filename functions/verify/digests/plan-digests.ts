import { scanSets } from '../../archive/catalogue-scan.ts'
import { groupAges } from '../../archive/digest-ages.ts'
import type { SampledDigests } from '../../archive/evidence.ts'
import type { SetAddress } from '../../archive/keys.ts'
import type { ManifestTable } from '../../archive/manifest.ts'
import { type AgedTable, newestByName, newestProof, readAges } from '../../archive/newest-proof.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { isUnreadable } from '../damage.ts'
import { chooseTables, type DigestDeadline } from './choose-tables.ts'

/** How much of the rows one verification compares by digest. */
export interface SampleRule {
  /** Of the COPY text of all tables; 100 is everything. */
  sharePercent: number
  /** Absent where nobody promised when everything is compared. */
  deadline?: DigestDeadline
}

/** Which tables a verification compares by digest, where it does not compare all. */
export interface DigestPlan {
  /** Places in the manifest's list of tables. */
  chosen: ReadonlySet<number>
  /** For the evidence, once nothing was found to differ. */
  digests: SampledDigests
}

/**
 * Plans from what the last verification of this database says of each table. What cannot be read says nothing: then every
 * table counts as late. And where the last one found a difference, all tables are compared: only that undoes it. Undefined
 * where all tables are compared.
 *
 * @param nowMs when this verification began.
 */
export async function planDigests(
  store: ObjectStore,
  { cluster, database }: Pick<SetAddress, 'cluster' | 'database'>,
  tables: readonly ManifestTable[],
  rule: SampleRule,
  { nowMs, signal }: { nowMs: number; signal?: AbortSignal },
): Promise<DigestPlan | undefined> {
  const sets = await Array.fromAsync(scanSets(store, { cluster, database }, signal))
  const judged = newestByName(
    sets.filter(({ evidence }) => evidence !== undefined),
    nowMs,
  )
  if (judged?.evidence?.verdict === 'different') return undefined
  const newest = newestProof(sets, nowMs)
  if (newest === undefined) return digestPlan(tables, [], rule, nowMs)
  const known = await readAges(store, newest, signal).catch((error: unknown) => {
    if (isUnreadable(error)) return undefined
    throw error
  })
  return digestPlan(tables, known, rule, nowMs)
}

/**
 * The same of what is known. A table that has another name or other columns than any that is known is a new one.
 *
 * @param known undefined where something is known, and not what.
 */
export function digestPlan(
  tables: readonly ManifestTable[],
  known: readonly AgedTable[] | undefined,
  rule: SampleRule,
  nowMs: number,
): DigestPlan | undefined {
  const aged = new Map(known?.map((one) => [identity(one.table), one]))
  const fresh = { sinceMs: known === undefined ? 0 : nowMs, compared: false }
  const candidates = tables.map((table) => {
    const { sinceMs, compared } = aged.get(identity(table)) ?? fresh
    // Without a frame of its own in a unit, nothing but the archive as a whole was checked while its rows were loaded.
    return { sinceMs, compared, rawBytes: table.rawBytes, always: table.stored === 'schema.dump' }
  })
  const chosen = new Set(chooseTables(candidates, rule.sharePercent, rule.deadline))
  if (chosen.size === tables.length) return undefined
  const bytesOf = (some: readonly ManifestTable[]): number => some.reduce((sum, { rawBytes }) => sum + rawBytes, 0)
  return {
    chosen,
    digests: {
      ...{ tables: chosen.size, ofTables: tables.length },
      ...{ rawBytes: bytesOf(tables.filter((_, place) => chosen.has(place))), ofRawBytes: bytesOf(tables) },
      ages: groupAges(candidates.map((one, place) => (chosen.has(place) ? { sinceMs: nowMs, compared: true } : one))),
    },
  }
}

function identity({ schema, name, columns }: ManifestTable): string {
  return JSON.stringify([schema, name, columns])
}
