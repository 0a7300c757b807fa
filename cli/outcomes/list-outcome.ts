import type { ListedSet } from '../../functions/archive/catalogue.ts'
import type { LatestEvidence } from '../../functions/archive/catalogue-evidence.ts'
import { counts, type HeldSet, mergeStores } from '../../functions/archive/held-sets.ts'
import { worstFailure } from '../../functions/platform/combine-outcomes.ts'
import { failedOutcome, type Outcome } from '../../functions/platform/outcome.ts'
import type { StoreListing } from '../../functions/runtime/list-stores.ts'

/**
 * What a listing says, for programs. A damaged set is listed as such: the listing itself went well. A store that could not
 * be listed makes it a failure, with all that the others hold.
 */
export function listOutcome(listings: readonly StoreListing[]): Outcome {
  const held = mergeStores(listings.flatMap((listing) => ('sets' in listing ? [listing] : [])))
  const complete = held.flatMap(({ set }) => (set.state === 'complete' ? [set] : []))
  const count = (state: ListedSet['state']): number => held.filter(({ set }) => set.state === state).length
  const failures = listings.flatMap((listing) => ('failure' in listing ? [listing] : []))
  const worst = worstFailure(failures.map(({ location, failure }) => failedOutcome('list', location, failure)))
  const message = `${failures.map(({ name }) => name).join(', ')} could not be listed: ${worst?.message}`
  return {
    operation: 'list',
    subject: listings.map(({ location }) => location).join(', '),
    ok: worst === undefined,
    ...(worst === undefined ? {} : { failure: { ...worst, message } }),
    numbers: {
      ...{ stores: listings.length, failedStores: failures.length, sets: complete.length },
      verifiedSets: complete.filter(({ verified }) => verified?.verdict === 'equal').length,
      sampledSets: complete.filter(({ verified }) => verified?.verdict === 'sampled').length,
      damagedSets: count('damaged'),
      incompleteSets: count('incomplete'),
      storedBytes: complete.reduce((sum, { summary }) => sum + summary.storedBytes, 0),
    },
    details: { stores: listings.map(storeDetails), sets: held.map(setDetails) },
  }
}

function storeDetails(listing: StoreListing): object {
  const { name, location } = listing
  if ('sets' in listing) return { name, location, sets: listing.sets.filter(({ state }) => state === 'complete').length }
  const { kind, message, hint, code } = listing.failure
  return { name, location, failure: { kind, message, hint, ...(code === undefined ? {} : { code }) } }
}

function setDetails({ set, holders }: HeldSet): object {
  const copies = {
    countedCopies: holders.filter(counts).length,
    copies: holders.map(({ comparedMs, ...holder }) => ({
      ...holder,
      ...(comparedMs === undefined ? {} : { comparedAt: new Date(comparedMs).toISOString() }),
    })),
  }
  return { ...ownDetails(set), ...copies }
}

function ownDetails(set: ListedSet): object {
  const { state, address } = set
  if (state === 'damaged') return { state, ...address, reason: set.reason }
  if (state === 'incomplete') {
    return { state, ...address, objects: set.objects, bytes: set.bytes, modifiedAt: new Date(set.modifiedMs).toISOString() }
  }
  const { verified, summary } = set
  const proof = verified && proofDetails(verified)
  return { state, ...summary, verified: proof ?? null }
}

function proofDetails({ atMs, ...said }: LatestEvidence): object {
  return { ...said, at: new Date(atMs).toISOString() }
}
