import type { StoreListing } from '../../functions/runtime/list-stores.ts'
import { formatBytes } from './format.ts'
import type { Style } from './style.ts'
import { type Column, renderTable } from './table.ts'

const columns: readonly Column[] = [
  { heading: 'Store' },
  { heading: 'Sets', align: 'right' },
  { heading: 'Compared', align: 'right' },
  { heading: 'Size', align: 'right' },
  { heading: 'Where' },
]

/** What each store holds; of one that could not be listed nothing is known, which is not nothing. */
export function storesText(listings: readonly StoreListing[], style: Style): string {
  return renderTable(
    columns,
    listings.map((listing) => row(listing, style)),
  )
}

function row(listing: StoreListing, style: Style): string[] {
  const { name, location, isCopy } = listing
  if ('failure' in listing) {
    return [
      name,
      style.bad('?'),
      style.bad('?'),
      style.bad('?'),
      `${location}: ${style.bad('NOT LISTED')}: ${listing.failure.message}`,
    ]
  }
  const complete = listing.sets.flatMap((set) => (set.state === 'complete' ? [set] : []))
  const compared = complete.filter(({ comparedMs }) => comparedMs !== undefined).length
  const bytes = complete.reduce((sum, { summary }) => sum + summary.storedBytes, 0)
  return [name, String(complete.length), isCopy ? String(compared) : '-', formatBytes(bytes), location]
}
