/** Edit distance with swaps of neighbours counted once (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  )
  const cell = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = cell(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? cell(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY
      const row = rows[i]
      if (row) row[j] = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, replaced, swapped)
    }
  }
  return cell(a.length, b.length)
}

/** The known name that a misspelt one most likely meant; undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const extended =
    name.length > 1 ? known.find((candidate) => candidate.toLowerCase().startsWith(name.toLowerCase())) : undefined
  if (extended !== undefined) return extended
  const limit = Math.max(2, Math.floor(name.length / 3))
  const [best] = known
    .map((candidate) => ({ candidate, cost: distance(name.slice(0, 64).toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ cost, candidate }) => cost <= limit && cost < candidate.length)
    .sort((a, b) => a.cost - b.cost)
  return best?.candidate
}

/** A fix for an unknown name: the nearest known one, or all of them. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  if (near !== undefined) return `did you mean ${near}?`
  return known.length === 0 ? 'there is none to name' : `use one of ${known.join(', ')}`
}
