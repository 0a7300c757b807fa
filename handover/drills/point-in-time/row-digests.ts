/** The digest of each row of a table, by its id. */
export type RowDigests = ReadonlyMap<string, string>

/** @param lines `id|digest`, one a row. */
export function rowDigests(lines: string): RowDigests {
  return new Map(
    lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [id = '', digest = ''] = line.split('|')
        return [id, digest]
      }),
  )
}

/** How many rows are in one of the two alone, or are another row in each. */
export function rowsDifferent(before: RowDigests, after: RowDigests): number {
  const ids = new Set([...before.keys(), ...after.keys()])
  return [...ids].filter((id) => before.get(id) !== after.get(id)).length
}
