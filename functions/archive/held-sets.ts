import type { ListedSet } from './catalogue.ts'
import type { SetAddress } from './keys.ts'

/** The sets of one store of several. */
export interface StoreSets {
  /** As people call the store. */
  name: string
  /** Whether it is a store for copies; backups themselves go to the others. */
  isCopy: boolean
  sets: readonly ListedSet[]
}

/**
 * How one store holds a set. `original`: as the backup itself. `compared`: a copy that was read back and found equal.
 * `uncompared`: the objects are there, and nobody has read them. `different`: verification found it so. Only the first two
 * count as copies.
 */
export type Holding = 'original' | 'compared' | 'uncompared' | 'different' | 'damaged' | 'incomplete'

export interface Holder {
  store: string
  holding: Holding
  /** Of `compared`; milliseconds since the epoch. */
  comparedMs?: number
}

/** A set, and every store that has something of it. */
export interface HeldSet {
  /** As the first store has it that has it whole, else the first that has it at all. */
  set: ListedSet
  holders: Holder[]
}

/** Whether a holder counts as a copy that can be relied on. */
export function counts({ holding }: Pick<Holder, 'holding'>): boolean {
  return holding === 'original' || holding === 'compared'
}

/** Who holds one set. */
export function holdersOf(stores: readonly StoreSets[], address: SetAddress): Holder[] {
  const key = sortKey(address)
  const own = stores.map((store) => ({ ...store, sets: store.sets.filter((set) => sortKey(set.address) === key) }))
  return mergeStores(own).flatMap(({ holders }) => holders)
}

/** The sets of several stores as one list, in the order of their names. */
export function mergeStores(stores: readonly StoreSets[]): HeldSet[] {
  const merged = new Map<string, HeldSet>()
  for (const { name, isCopy, sets } of stores) {
    for (const set of sets) {
      const key = sortKey(set.address)
      const held = merged.get(key) ?? { set, holders: [] }
      held.holders.push({ store: name, ...holdingOf(set, isCopy) })
      if (rank[set.state] < rank[held.set.state]) held.set = set
      merged.set(key, held)
    }
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, held]) => held)
}

const rank: Record<ListedSet['state'], number> = { complete: 0, damaged: 1, incomplete: 2 }

function holdingOf(set: ListedSet, isCopy: boolean): Omit<Holder, 'store'> {
  if (set.state !== 'complete') return { holding: set.state }
  const { verified, comparedMs } = set
  if (verified?.verdict === 'different') return { holding: 'different' }
  // What was copied back into the store of the backups is a copy there, too.
  if (comparedMs !== undefined) return { holding: 'compared', comparedMs }
  return { holding: isCopy ? 'uncompared' : 'original' }
}

/** U+0000 sorts before whatever a name may hold. */
function sortKey({ cluster, database, set }: SetAddress): string {
  return [cluster, database, set].join('\0')
}
