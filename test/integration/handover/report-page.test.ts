import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../../functions/platform/process/run.ts'
import { printPdf } from '../../../handover/report/files/print-pdf.ts'
import { handoverReport } from '../../../handover/report/model/handover-report.ts'
import { reportPage } from '../../../handover/report/page/page.ts'
import { chromiumPath, computedStyle, useChromium } from '../../support/chromium.ts'
import { troubledImages } from '../../support/handover-images.ts'
import { drillRecord, handoverCluster, handoverDefinition } from '../../support/handover-records.ts'
import { troubledRecords } from '../../support/handover-scenes.ts'
import { headingLevels, tableShapes } from '../../support/page-structure.ts'

const chromium = useChromium()
const languages = ['pt-BR', 'en'] as const
type Language = (typeof languages)[number]
let directory = ''

const report = handoverReport({
  cluster: handoverCluster,
  ballast: '0.1.0',
  records: troubledRecords(),
  images: troubledImages(),
})
const fileOf = (language: Language): string => join(directory, `report.${language}.html`)
const open = (language: Language, width: number) => chromium.open(pathToFileURL(fileOf(language)).href, { width })

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-report-test-'))
  for (const language of languages) await writeFile(fileOf(language), reportPage(report, language, languages))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const sights = languages.flatMap((language) => [320, 768, 1280].map((width) => ({ language, width })))

describe.each(sights)('in $language at $width px', ({ language, width }) => {
  test('asks for nothing but itself, complains of nothing, and does not scroll sideways', async () => {
    const { page, requests, complaints } = await open(language, width)
    expect(await page.getAttribute('html', 'lang')).toBe(language)
    const [content, screen] = await page.$eval('html', (html) => [html.scrollWidth, html.clientWidth])
    expect(screen).toBe(width)
    expect(content).toBeLessThanOrEqual(width)
    expect(requests).toEqual([pathToFileURL(fileOf(language)).href])
    expect(complaints).toEqual([])
  })

  test('has nothing that axe finds wrong by the rules of WCAG 2.2, level AA', async () => {
    const { page } = await open(language, width)
    await page.evaluate(axe.source)
    const found = await page.evaluate(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    )
    const { violations, passes } = found as {
      violations: { id: string; nodes: { html: string }[] }[]
      passes: { id: string }[]
    }
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    expect(passes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['color-contrast', 'heading-order', 'svg-img-alt', 'html-has-lang']),
    )
  })
})

test('charts are drawn: lines within their frames, told apart by dashes, with words for those who do not see them', async () => {
  const { page } = await open('en', 1280)
  const charts = await page.$$eval('svg.chart', (all) =>
    all.map((svg) => {
      const frame = svg.getBoundingClientRect()
      const lines = [...svg.querySelectorAll('path.line')]
      return {
        title: svg.querySelector('title')?.textContent ?? '',
        text: svg.querySelector('desc')?.textContent ?? '',
        drawn: lines.filter((line) => line.getTotalLength() > 50).length,
        dashes: new Set(lines.map((line) => line.ownerDocument.defaultView.getComputedStyle(line).strokeDasharray)).size,
        lines: lines.length / 2,
        isInside: [...svg.querySelectorAll('path, text')].every((part) => {
          const { left, right, top, bottom } = part.getBoundingClientRect()
          return left >= frame.left - 1 && right <= frame.right + 1 && top >= frame.top - 1 && bottom <= frame.bottom + 1
        }),
      }
    }),
  )
  // Three load tests with seven charts each.
  expect(charts).toHaveLength(21)
  for (const chart of charts) {
    expect(chart).toMatchObject({
      title: expect.stringMatching(/\w/),
      text: expect.stringMatching(/from [\d.,]+ to [\d.,]+/),
      isInside: true,
    })
    expect(chart).toMatchObject({ drawn: chart.lines, dashes: chart.lines })
  }
})

test('drills have a line of time with a number for each event, none over another', async () => {
  const { page } = await open('pt-BR', 1280)
  const events = await page.$$eval('#drill-failover svg.timeline circle', (all) =>
    all.map((circle) => circle.getBoundingClientRect().left),
  )
  expect(events).toHaveLength(10)
  expect(events.every((left, index) => index === 0 || left - (events[index - 1] ?? 0) > 15)).toBe(true)
  expect(await page.$$eval('#drill-failover ol.events li', (all) => all.map((item) => item.textContent))).toContain(
    '+0:20,1 Primário parado db-1',
  )
})

test('many events at one moment stay within the drawing', async () => {
  const events = Array.from({ length: 40 }, (_, index) => ({ atMs: 59_000 + index, key: 'alertRaised', detail: '' }))
  const crowded = handoverReport({
    cluster: handoverCluster,
    ballast: '0.1.0',
    records: [drillRecord('failover', 1, { events })],
    images: [],
  })
  const path = join(directory, 'crowded.html')
  await writeFile(path, reportPage(crowded, 'en', ['en']))
  const { page } = await chromium.open(pathToFileURL(path).href, { width: 1280 })
  const [frame, marks] = await page.$eval(
    'svg.timeline',
    (svg) =>
      [
        svg.getBoundingClientRect(),
        [...svg.querySelectorAll('circle')].map((circle) => circle.getBoundingClientRect()),
      ] as const,
  )
  expect(marks).toHaveLength(40)
  expect(marks.every(({ left, right }) => left >= frame.left - 1 && right <= frame.right + 1)).toBe(true)
})

test('headings are in order, and every table has a caption, column headers and row headers', async () => {
  const { page } = await open('en', 1280)
  const levels = await headingLevels(page)
  expect(levels.filter((level) => level === 1)).toHaveLength(1)
  expect(levels.every((level, index) => level <= (levels[index - 1] ?? 1) + 1)).toBe(true)
  const tables = await tableShapes(page)
  expect(tables.length).toBeGreaterThan(20)
  for (const { caption, columns, rows } of tables) {
    expect(caption).not.toBe('')
    for (const row of rows) expect(row).toEqual({ cells: columns, header: 1 })
  }
  const ids = await page.$$eval('[id]', (all) => all.map(({ id }) => id))
  expect(new Set(ids).size).toBe(ids.length)
})

test('links lead to every section, and to the other language, which is there', async () => {
  const { page, complaints } = await open('pt-BR', 768)
  const targets = await page.$$eval('.contents a', (all) => all.map((link) => link.getAttribute('href')?.slice(1) ?? ''))
  expect(targets).toEqual(await page.$$eval('main > section', (all) => all.map(({ id }) => id)))
  await page.getByRole('link', { name: 'English' }).click()
  await page.waitForURL(/report\.en\.html$/)
  expect(await page.textContent('.kind')).toBe('Handover report')
  expect(complaints).toEqual([])
})

test('results are told apart without colours', async () => {
  const { page } = await open('en', 1280)
  const styles = await Promise.all(
    ['passed', 'failed', 'not-run'].map(async (name) => [
      await computedStyle(page, `.badge.${name}`, 'border-top-style'),
      await computedStyle(page, `.badge.${name}`, 'border-top-width'),
      await page.$eval(`.badge.${name} path`, (path) => path.getAttribute('d')),
    ]),
  )
  expect(new Set(styles.map((style) => style.join())).size).toBe(3)
})

describe.each([...languages])('printed in %s', (language) => {
  let pages: string[] = []
  let pdf = ''
  const text = async (...args: string[]): Promise<string> =>
    (await run({ command: '/usr/bin/pdftotext', args: [...args, pdf, '-'], env: { PATH: '/usr/bin', LC_ALL: 'C.UTF-8' } }))
      .stdout

  beforeAll(async () => {
    pdf = join(directory, `report.${language}.pdf`)
    const { signal } = new AbortController()
    await writeFile(
      pdf,
      await printPdf({ chromium: chromiumPath, page: fileOf(language), atMs: Date.parse(report.asOf ?? ''), signal }),
    )
    pages = (await text('-layout')).split('\f').slice(0, -1)
  })

  test('is on A4, tagged for screen readers, with the date of its tests', async () => {
    const { stdout } = await run({
      command: '/usr/bin/pdfinfo',
      args: [pdf],
      env: { PATH: '/usr/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    })
    expect(stdout).toMatch(/^Page size: +59\d(\.\d+)? x 84\d(\.\d+)? pts \(A4\)$/m)
    expect(stdout).toMatch(/^Tagged: +yes$/m)
    expect(stdout).toMatch(/^CreationDate: +Mon Nov 23 13:31:00 2026 UTC$/m)
  })

  test('has the number of each page at its foot', () => {
    const [page, of] = language === 'en' ? ['Page', 'of'] : ['Página', 'de']
    expect(pages.length).toBeGreaterThan(8)
    for (const [index, shown] of pages.entries()) {
      expect(shown.trimEnd().split('\n').at(-1)).toMatch(
        new RegExp(`^\\s*shop · ${handoverDefinition.slice(0, 12)} +${page} ${index + 1} ${of} ${pages.length}$`),
      )
    }
  })

  test('has the verdict on one page: every goal and every test', () => {
    const [heading, last] = language === 'en' ? ['Verdict', 'Old primary rejoined'] : ['Resultado', 'Retorno do antigo']
    const [, verdict = ''] = pages
    expect(verdict.trim().startsWith(heading)).toBe(true)
    expect(verdict).toContain(last)
    expect(pages[2]?.trim().startsWith(language === 'en' ? 'Load tests' : 'Testes de carga')).toBe(true)
  })

  test('has nothing beyond the part of a page that is for text', async () => {
    const words = (await text('-bbox')).matchAll(
      /<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<\/word>/g,
    )
    const found = [...words].map(([, left, top, right, bottom, word]) => ({
      left: Number(left),
      top: Number(top),
      right: Number(right),
      bottom: Number(bottom),
      word,
    }))
    expect(found.length).toBeGreaterThan(2000)
    expect(found.filter(({ left, top, right, bottom }) => left < 42 || right > 554 || top < 40 || bottom > 826)).toEqual([])
  })
})

test('on paper no row of a table is cut, and its headings stand above each part of it', async () => {
  const rows = Array.from({ length: 150 }, (_, index) => [
    `begin${index} ${'word '.repeat(30)}end${index}`,
    'x',
    'open',
    'open',
  ])
  const tables = [{ key: 'portAnswers', columns: ['address', 'node', 'expected', 'came'], rows }]
  const long = handoverReport({
    cluster: handoverCluster,
    ballast: '0.1.0',
    records: [drillRecord('port-exposure', 1, { tables })],
    images: [],
  })
  const [page, pdf] = [join(directory, 'long.html'), join(directory, 'long.pdf')]
  await writeFile(page, reportPage(long, 'en', ['en']))
  await writeFile(pdf, await printPdf({ chromium: chromiumPath, page, atMs: 0, signal: new AbortController().signal }))
  const env = { PATH: '/usr/bin', LC_ALL: 'C.UTF-8' }
  const { stdout } = await run({ command: '/usr/bin/pdftotext', args: [pdf, '-'], env })
  const pages = stdout.split('\f').slice(0, -1)
  const pageOf = (word: string): number => pages.findIndex((text) => text.split(/\s+/).includes(word))
  const places = rows.map((_, index) => [pageOf(`begin${index}`), pageOf(`end${index}`)])
  expect(places.filter(([begin, end]) => begin === -1 || begin !== end)).toEqual([])
  const shown = [...new Set(places.map(([begin]) => begin ?? -1))]
  expect(shown.length).toBeGreaterThan(4)
  for (const place of shown) expect(pages[place]).toMatch(/Address\s+Node\s+Expected\s+Found/)
})

test('the same page gives the same PDF', async () => {
  const { signal } = new AbortController()
  const print = () => printPdf({ chromium: chromiumPath, page: fileOf('en'), atMs: 0, signal })
  const [first, second] = [await print(), await print()]
  expect(Buffer.compare(first, second)).toBe(0)
  expect(first.byteLength).toBeGreaterThan(100_000)
})

test('a Chromium that ends well and prints nothing is an error', async () => {
  const { signal } = new AbortController()
  const printing = printPdf({ chromium: '/bin/true', page: fileOf('en'), atMs: 0, signal })
  await expect(printing).rejects.toMatchObject({ kind: 'permanent', code: 'NoPdf' })
})
