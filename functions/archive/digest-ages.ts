import { type DigestShare, wholePercent } from './digest-share.ts'
import type { Evidence, SampledDigests } from './evidence.ts'
import { formatPlaces, parsePlaces } from './place-ranges.ts'

/** How long ago the digest of a table was compared. */
export interface DigestAge {
  /** When it was last compared; of a table that never was, when a verification first met it. Milliseconds since the epoch. */
  sinceMs: number
  compared: boolean
}

/**
 * The age of every table of a set, in the order of its manifest, as an evidence of it says: one that found everything equal
 * compared all of them. Undefined where it says nothing that fits so many tables.
 */
export function digestAges(evidence: Evidence, tables: number): DigestAge[] | undefined {
  if (evidence.format === 1) {
    if (evidence.verdict !== 'equal') return undefined
    return Array.from({ length: tables }, () => ({ sinceMs: Date.parse(evidence.startedAt), compared: true }))
  }
  const ages: DigestAge[] = []
  for (const { since, compared, tables: text } of evidence.digests.ages) {
    const places = parsePlaces(text, tables)
    if (places === undefined) return undefined
    for (const place of places) ages[place] = { sinceMs: Date.parse(since), compared }
  }
  // A hole is a table that nothing is known of.
  return ages.length === tables && !ages.includes(undefined as never) ? ages : undefined
}

/** The same for an evidence file: few entries however many tables, for those of one verification go together. */
export function groupAges(ages: readonly DigestAge[]): SampledDigests['ages'] {
  const groups = new Map<string, { age: DigestAge; places: number[] }>()
  ages.forEach((age, place) => {
    const key = `${age.sinceMs} ${age.compared}`
    const group = groups.get(key) ?? { age, places: [] }
    group.places.push(place)
    groups.set(key, group)
  })
  return [...groups.values()]
    .toSorted((a, b) => b.age.sinceMs - a.age.sinceMs)
    .map(({ age, places }) => ({
      since: new Date(age.sinceMs).toISOString(),
      compared: age.compared,
      tables: formatPlaces(places),
    }))
}

/** In short, as it stands in the name of the evidence. */
export function digestShareOf({ tables, ofTables, rawBytes, ofRawBytes }: SampledDigests): DigestShare {
  return { tables, ofTables, percent: wholePercent(rawBytes, ofRawBytes) }
}
