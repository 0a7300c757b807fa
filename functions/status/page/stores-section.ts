import { type Html, html } from '../../runtime/page/html.ts'
import { cell, row, table } from '../../runtime/page/tables.ts'
import type { View } from './view.ts'

/** Where backups are kept, and how many. */
export function storesSection({ report, texts, format }: View): Html {
  const rows = report.stores.map(({ name, location, content }) =>
    row(name, [
      cell(texts.location, location),
      cell(
        texts.sets,
        content === undefined ? html`<span class="badge unknown">${texts.setsNote}</span>` : format.count(content.completeSets),
      ),
      cell(texts.stored, content === undefined ? texts.unknown : format.bytes(content.storedBytes)),
    ]),
  )
  return html`<section aria-labelledby="stores"><h2 id="stores">${texts.stores}</h2>${table('stores', texts.stores, [texts.store, texts.location, texts.sets, texts.stored], rows)}</section>`
}
