import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pageFile } from '../../../functions/status/page/page.ts'
import { statusFiles } from '../../../functions/status/publish-status.ts'
import { statusReport } from '../../../functions/status/report.ts'
import type { StatusFacts } from '../../../functions/status/status-facts.ts'
import { computedStyle, useChromium } from '../../support/chromium.ts'
import { headingLevels, tableShapes } from '../../support/page-structure.ts'
import { backupOf, sampleNowMs, wellFacts } from '../../support/status-facts.ts'
import { troubledFacts } from '../../support/troubled-status.ts'

const chromium = useChromium()
const languages = ['pt-BR', 'en'] as const
const onTimeMs = sampleNowMs + 4 * 60_000
let directory = ''

/** The files of a status in a directory of their own, as they lie in a store. */
async function write(name: string, facts: StatusFacts): Promise<void> {
  for (const { file, bytes } of statusFiles(statusReport(facts), languages)) {
    await writeFile(join(directory, `${name}-${file}`), Buffer.from(bytes).toString().replaceAll('href="', `href="${name}-`))
  }
}

const urlOf = (name: string, language: 'pt-BR' | 'en'): string =>
  pathToFileURL(join(directory, `${name}-${pageFile(language, languages)}`)).href

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-pages-'))
  await write('trouble', troubledFacts())
  await write('well', wellFacts())
  const long = 'a_database_with_a_name_of_sixty_three_letters_which_is_the_longest'
  await write(
    'long',
    wellFacts({
      title: 'W'.repeat(120),
      listings: [
        {
          name: 'main',
          location: `s3://${'b'.repeat(63)}/${'p'.repeat(200)}`,
          isCopy: false,
          sets: [backupOf(long, 3, { verdict: 'equal' })],
        },
      ],
    }),
  )
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const sights = languages.flatMap((language) =>
  [320, 768, 1280].flatMap((width) => ['trouble', 'long'].map((name) => ({ name, language, width }))),
)

describe.each(sights)('$name in $language at $width px', ({ name, language, width }) => {
  test('asks for nothing but itself, complains of nothing, and does not scroll sideways', async () => {
    const url = urlOf(name, language)
    const { page, requests, complaints } = await chromium.open(url, { width, clockMs: onTimeMs })
    expect(await page.getAttribute('html', 'lang')).toBe(language)
    const [content, screen] = await page.$eval('html', (html) => [html.scrollWidth, html.clientWidth])
    expect(screen).toBe(width)
    expect(content).toBeLessThanOrEqual(width)
    expect(requests).toEqual([url])
    expect(complaints).toEqual([])
  })
})

describe('the page with trouble', () => {
  test('has charts that are drawn: shapes within their frames, with words for those who do not see them', async () => {
    const { page } = await chromium.open(urlOf('trouble', 'pt-BR'), { width: 1280, clockMs: onTimeMs })
    const charts = await page.$$eval('svg[role=img]', (all) =>
      all.map((svg) => {
        const frame = svg.getBoundingClientRect()
        const drawn = [...svg.querySelectorAll('path')].map((path) => path.getBoundingClientRect())
        return {
          label: svg.getAttribute('aria-label') ?? '',
          isSeen: frame.width > 100 && frame.height > 15,
          shapes: drawn.filter(({ width, height }) => width > 0 || height > 0).length,
          isInside: drawn.every(({ left, right }) => left >= frame.left - 1 && right <= frame.right + 1),
        }
      }),
    )
    expect(charts).toHaveLength(2 + 8)
    for (const chart of charts)
      expect(chart).toMatchObject({ label: expect.stringMatching(/\d/), isSeen: true, isInside: true })
    expect(charts.every(({ shapes }) => shapes > 0)).toBe(true)
  })

  test('colours its charts: what is bad does not look like what is good', async () => {
    const { page } = await chromium.open(urlOf('trouble', 'en'), { width: 1280, clockMs: onTimeMs })
    const fill = (name: string) => computedStyle(page, `svg.strip path.${name}`, 'fill')
    expect(await fill('good')).toBe('rgb(31, 146, 84)')
    expect(await fill('bad')).toBe('rgb(204, 47, 38)')
  })

  test('has one main heading, headings in order, and headers for every table', async () => {
    const { page } = await chromium.open(urlOf('trouble', 'en'), { width: 1280, clockMs: onTimeMs })
    const levels = await headingLevels(page)
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    expect(levels.every((level, index) => level <= (levels[index - 1] ?? 1) + 1)).toBe(true)
    const tables = await tableShapes(page)
    expect(tables).toHaveLength(4)
    for (const { caption, columns, rows } of tables) {
      expect(caption).not.toBe('')
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(row).toEqual({ cells: columns, header: 1 })
    }
    const unnamed = await page.$$eval('section[aria-labelledby]', (all) =>
      all.filter((section) => section.ownerDocument.getElementById(section.getAttribute('aria-labelledby')) === null),
    )
    expect(unnamed).toEqual([])
  })

  test('stays a table for screen readers where it is shown as a list', async () => {
    const { page } = await chromium.open(urlOf('trouble', 'en'), { width: 320, clockMs: onTimeMs })
    expect(await page.getByRole('row').count()).toBeGreaterThan(10)
    expect(await page.getByRole('rowheader', { name: 'shop' }).isVisible()).toBe(true)
    expect(await page.getByRole('columnheader', { name: 'Last backup' }).count()).toBe(1)
    const shown = await computedStyle(page, '.databases td[data-label]', 'content', '::before')
    expect(shown).toBe('"State"')
  })

  test('links its other language, which is there', async () => {
    const { page, complaints } = await chromium.open(urlOf('trouble', 'pt-BR'), { width: 768, clockMs: onTimeMs })
    await page.getByRole('link', { name: 'English' }).click()
    await page.waitForURL(/trouble-en\.html$/)
    expect(await page.textContent('h1')).toBe('Loja Exemplo: state of the backups')
    expect(complaints).toEqual([])
  })
})

describe('age', () => {
  const stale = '#stale'

  test('is said, and a page that is young enough is not called stale', async () => {
    const { page } = await chromium.open(urlOf('well', 'pt-BR'), { width: 768, clockMs: onTimeMs })
    expect(await page.textContent('#age')).toBe('Esta página foi gerada há 4 minutos.')
    expect(await page.isVisible(stale)).toBe(false)
    expect(await computedStyle(page, '#verdict', 'background-color')).toBe('rgb(223, 243, 230)')
  })

  test.each([
    [25 * 60_000, 'This page is 25 minutes old.'],
    [5 * 3_600_000, 'This page is 5 hours old.'],
    [12 * 86_400_000, 'This page is 12 days old.'],
  ])('after %i ms a page that was not renewed looks stale, however well it was', async (ageMs, text) => {
    const { page } = await chromium.open(urlOf('well', 'en'), { width: 768, clockMs: sampleNowMs + ageMs })
    expect(await page.textContent('#age')).toBe(text)
    expect(await page.isVisible(stale)).toBe(true)
    // No longer green.
    expect(await computedStyle(page, '#verdict', 'background-color')).toBe('rgb(228, 233, 241)')
  })

  test('without scripts the page says until when it holds, and all else', async () => {
    const { page } = await chromium.open(urlOf('well', 'en'), { width: 768, withoutScripts: true })
    expect(await page.isVisible('text=This page should be renewed by 25 November 2026 at 13:37')).toBe(true)
    expect(await page.isVisible('#age')).toBe(false)
    expect(await page.getByRole('rowheader', { name: 'shop' }).isVisible()).toBe(true)
  })
})

test('dark mode is dark, also where it is painted', async () => {
  const { page } = await chromium.open(urlOf('trouble', 'en'), { width: 768, dark: true, clockMs: onTimeMs })
  const painted = [await computedStyle(page, 'body', 'background-color'), await computedStyle(page, 'body', 'color')]
  expect(painted).toEqual(['rgb(16, 21, 27)', 'rgb(231, 236, 241)'])
})

test('printed, it is light, without links to other languages, and on paper of an ordinary size', async () => {
  const { page } = await chromium.open(urlOf('trouble', 'pt-BR'), { width: 768, dark: true, clockMs: onTimeMs })
  await page.emulateMedia({ media: 'print' })
  expect(await page.isVisible('nav')).toBe(false)
  expect(await computedStyle(page, 'body', 'background-color')).toBe('rgb(255, 255, 255)')
  expect(await computedStyle(page, 'h2', 'color')).not.toBe('rgb(255, 185, 178)')
  const pdf = await page.pdf({ format: 'A4', printBackground: true })
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
})

test('a database whose name is a script is shown, and does not run', async () => {
  const name = '<script>document.title="run"</script><img src=x onerror="document.title=1">'
  await write(
    'nasty',
    wellFacts({
      title: name,
      listings: [{ name, location: name, isCopy: false, sets: [backupOf(name, 3, { verdict: 'equal' })] }],
    }),
  )
  const { page, requests, complaints } = await chromium.open(urlOf('nasty', 'en'), { width: 320, clockMs: onTimeMs })
  expect(await page.title()).toBe(`${name}: state of the backups`)
  expect(await page.textContent('.databases tbody th')).toBe(name)
  expect(requests).toHaveLength(1)
  expect(complaints).toEqual([])
})

test('the policy of the page refuses what somebody puts into it', async () => {
  const { page } = await chromium.open(urlOf('well', 'en'), { width: 768, clockMs: onTimeMs })
  const unsent: unknown[] = []
  page.on('requestfailed', (request) => unsent.push([request.url(), request.failure()?.errorText]))
  page.on('response', (response) => unsent.push([response.url(), response.status()]))
  const refused: string[] = await page.$eval('body', async (body) => {
    const heard: string[] = []
    const { ownerDocument } = body
    ownerDocument.addEventListener('securitypolicyviolation', (event: { effectiveDirective: string }) =>
      heard.push(event.effectiveDirective),
    )
    const add = (tag: string, what: object): void => body.append(Object.assign(ownerDocument.createElement(tag), what))
    add('script', { textContent: 'document.title = "run"' })
    add('img', { src: 'https://example.com/a.png' })
    add('style', { textContent: 'body{display:none}' })
    await fetch('https://example.com/').catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 300))
    return heard.sort()
  })
  expect(refused).toEqual(['connect-src', 'img-src', 'script-src-elem', 'style-src-elem'])
  expect(await page.title()).not.toBe('run')
  // The browser speaks of it, and does not send it; the other one it does not even speak of.
  expect(unsent).toEqual([['https://example.com/a.png', 'csp']])
})

test('served by a server, it asks for nothing else either', async () => {
  const asked: string[] = []
  const [, page] = statusFiles(statusReport(wellFacts()), languages)
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('content-type', page?.contentType ?? '').end(page?.bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`
    const { complaints } = await chromium.open(url, { width: 768, clockMs: onTimeMs })
    expect(complaints).toEqual([])
    // A browser with a window of its own may ask for the site's icon; the page itself asks for nothing.
    expect(asked.filter((path) => path !== '/favicon.ico')).toEqual(['/index.html'])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
