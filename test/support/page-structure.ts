import type { Page } from 'playwright-core'

/** How many cells a table has, by what names them. */
export interface TableShape {
  caption: string
  columns: number
  rows: { cells: number; header: number }[]
}

/** The levels of a page's headings, in order. */
export async function headingLevels(page: Page): Promise<number[]> {
  return await page.$$eval('h1,h2,h3,h4', (all) => all.map(({ tagName }) => Number(tagName.slice(1))))
}

/** Every table of a page. */
export async function tableShapes(page: Page): Promise<TableShape[]> {
  return await page.$$eval('table', (all) =>
    all.map((table) => ({
      caption: table.caption?.textContent ?? '',
      columns: table.querySelectorAll('thead th[scope=col]').length,
      rows: [...table.tBodies]
        .flatMap((body) => [...body.rows])
        .map((row) => ({ cells: row.cells.length, header: row.querySelectorAll('th[scope=row]').length })),
    })),
  )
}
