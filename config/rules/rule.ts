import type { Problem } from '../problems.ts'
import type { ParsedCluster } from '../schema/cluster.ts'

/** A rule that compares fields. It runs only when everything it needs was well by itself, and reads nothing else. */
export interface Rule {
  /** Paths in the definition. */
  needs: readonly string[]
  check: (cluster: ParsedCluster) => readonly Problem[]
}

/** One problem, or none. */
export function when(broken: boolean, path: string, rule: string, fix: string): Problem[] {
  return broken ? [{ path, rule, fix }] : []
}

/** A problem for every item whose key an earlier item has; `path` says where the item is. */
export function repeated<T>(
  items: readonly T[],
  key: (item: T) => string | undefined,
  path: (index: number) => string,
  fix: string,
): Problem[] {
  const first = new Map<string, number>()
  return items.flatMap((item, index) => {
    const value = key(item)
    if (value === undefined) return []
    const earlier = first.get(value)
    if (earlier === undefined) first.set(value, index)
    return earlier === undefined ? [] : [{ path: path(index), rule: `'${value}' is also ${path(earlier)}`, fix }]
  })
}

/** A problem for every name that is not known. */
export function unknownNames(
  names: readonly string[],
  known: readonly string[],
  what: string,
  path: (index: number) => string,
): Problem[] {
  return names.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [{ path: path(index), rule: `no ${what} is named '${name}'`, fix: `use one of ${known.join(', ')}` }],
  )
}
