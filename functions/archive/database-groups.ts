import type { SetAddress } from './keys.ts'

/** What belongs to one database. */
export interface DatabaseGroup<T> extends Pick<SetAddress, 'cluster' | 'database'> {
  items: T[]
}

/** Things by the database that they are of, in the order of their first. Names may hold any character. */
export function databaseGroups<T>(
  things: Iterable<T>,
  addressOf: (thing: T) => Pick<SetAddress, 'cluster' | 'database'>,
): DatabaseGroup<T>[] {
  const groups = new Map<string, DatabaseGroup<T>>()
  for (const thing of things) {
    const { cluster, database } = addressOf(thing)
    const name = JSON.stringify([cluster, database])
    const group = groups.get(name) ?? { cluster, database, items: [] }
    group.items.push(thing)
    groups.set(name, group)
  }
  return [...groups.values()]
}
