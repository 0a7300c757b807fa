import type { CompleteSet, ListedSet } from '../archive/catalogue.ts'
import type { SetAddress } from '../archive/keys.ts'
import { startedMs } from '../archive/set-time.ts'

/** What there is to do for one set at one target. */
export interface CopyStep {
  address: SetAddress
  /** `copy`: send what is not there, read all of it back. `evidence`: the copy is proven, and has been verified since. */
  action: 'copy' | 'evidence'
  /** Of the source's set. */
  storedBytes: number
  reason: string
}

/** A set that is not copied, and why. */
export interface LeftOutSet {
  address: SetAddress
  reason: string
}

export interface CopyPlan {
  /** Newest first: if time runs out, it is the oldest that are missing. */
  steps: CopyStep[]
  leftOut: LeftOutSet[]
}

/** One set, which is read back again even where it was compared before; or all of a choice that are not copied yet. */
export type WantedCopies = { only: SetAddress } | { choose: (sets: readonly CompleteSet[]) => readonly CompleteSet[] }

/**
 * Decides what to copy, from what the source and the target hold. What the source itself knows to be bad is no backup, so
 * that a copy of it would be none either.
 */
export function planCopies(source: readonly ListedSet[], target: readonly ListedSet[], wanted: WantedCopies): CopyPlan {
  const there = new Map(target.map((set) => [nameOf(set.address), set]))
  const named = 'only' in wanted ? source.filter(({ address }) => nameOf(address) === nameOf(wanted.only)) : source
  const complete = named.filter((set) => set.state === 'complete')
  const good = complete.filter(({ verified }) => verified?.verdict !== 'different')
  const chosen = 'only' in wanted ? good : wanted.choose(good)
  const steps = chosen
    .toSorted((a, b) => startedMs(b) - startedMs(a))
    .flatMap((set): CopyStep[] => {
      const todo = whatToDo(set, there.get(nameOf(set.address)), 'only' in wanted)
      return todo === undefined ? [] : [{ address: set.address, storedBytes: set.summary.storedBytes, ...todo }]
    })
  return { steps, leftOut: named.flatMap((set) => leftOutOf(set, there.get(nameOf(set.address)))) }
}

function whatToDo(
  set: CompleteSet,
  copy: ListedSet | undefined,
  again: boolean,
): Pick<CopyStep, 'action' | 'reason'> | undefined {
  if (copy === undefined) return { action: 'copy', reason: 'not there' }
  if (copy.state === 'incomplete') return { action: 'copy', reason: 'an interrupted copy, which goes on' }
  if (copy.state === 'damaged') return { action: 'copy', reason: `damaged there: ${copy.reason}` }
  if (copy.comparedMs === undefined) return { action: 'copy', reason: 'its objects are there, and were not compared' }
  if (again) return { action: 'copy', reason: 'compared again' }
  const isNewer = set.verified !== undefined && set.verified.atMs > (copy.verified?.atMs ?? Number.NEGATIVE_INFINITY)
  return isNewer ? { action: 'evidence', reason: 'verified since it was copied' } : undefined
}

/** A copy that was made while the set was good stays a copy: nothing is left out there. */
function leftOutOf(set: ListedSet, copy: ListedSet | undefined): LeftOutSet[] {
  const { address } = set
  if (copy?.state === 'complete' && copy.comparedMs !== undefined) return []
  if (set.state === 'damaged') return [{ address, reason: `damaged in the source: ${set.reason}` }]
  if (set.state === 'complete' && set.verified?.verdict === 'different') {
    return [{ address, reason: 'verification found it different from what was backed up' }]
  }
  return []
}

function nameOf({ cluster, database, set }: SetAddress): string {
  return JSON.stringify([cluster, database, set])
}
