import { type Html, html } from './html.ts'

/** A cell whose column is named again where the table is too wide for the screen. */
export function cell(label: string, content: Html | string): Html {
  return html`<td role="cell" data-label="${label}"><div>${content}</div></td>`
}

/** A table that stays one for screen readers where it is shown as a list. */
export function table(name: string, caption: string, headings: readonly string[], rows: readonly Html[]): Html {
  const head = headings.map((heading) => html`<th scope="col" role="columnheader">${heading}</th>`)
  return html`<table class="${name}" role="table"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${rows}</tbody></table>`
}

/** A row with its heading. */
export function row(heading: Html | string, cells: readonly Html[]): Html {
  return html`<tr role="row"><th scope="row" role="rowheader">${heading}</th>${cells}</tr>`
}
