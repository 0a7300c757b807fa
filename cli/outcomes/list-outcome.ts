import type { ListedSet } from '../../functions/archive/catalogue.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'

/** What a listing says, for programs. A damaged set is listed as such: the listing itself went well. */
export function listOutcome(location: string, sets: readonly ListedSet[]): Outcome {
  const complete = sets.filter((set) => set.state === 'complete')
  const count = (state: ListedSet['state']): number => sets.filter((set) => set.state === state).length
  return {
    operation: 'list',
    subject: location,
    ok: true,
    numbers: {
      sets: complete.length,
      verifiedSets: complete.filter(({ verified }) => verified?.verdict === 'equal').length,
      damagedSets: count('damaged'),
      incompleteSets: count('incomplete'),
      storedBytes: complete.reduce((sum, { summary }) => sum + summary.storedBytes, 0),
    },
    details: { sets: sets.map(listed) },
  }
}

function listed(set: ListedSet): object {
  const { state, address } = set
  if (state === 'damaged') return { state, ...address, reason: set.reason }
  if (state === 'incomplete') {
    return { state, ...address, objects: set.objects, bytes: set.bytes, modifiedAt: new Date(set.modifiedMs).toISOString() }
  }
  const { verified, summary } = set
  const proof = verified && { verdict: verified.verdict, at: new Date(verified.atMs).toISOString() }
  return { state, ...summary, verified: proof ?? null }
}
