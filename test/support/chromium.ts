import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'

/** Where the set-up of the tests puts it. */
export const chromiumPath = '/usr/bin/chromium'

/** Nothing that a browser does of its own accord: these tests watch what a page asks for. */
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
]

/** One page in a browser, and what it did while it was open. */
export interface WatchedPage {
  page: Page
  /** Every address that the page asked for, itself included. */
  requests: string[]
  /** What went to the console as an error or a warning, refusals of the page's own policy among them, and uncaught errors. */
  complaints: string[]
}

/** How a page is to be looked at. */
export interface Sight {
  width: number
  height?: number
  dark?: boolean
  withoutScripts?: boolean
  /** What the page takes for the time; the real one where it is left out. */
  clockMs?: number
}

/** A real Chromium for the tests of a file, with a profile that is new; each test's pages are closed after it. */
export function useChromium(): { open(url: string, sight: Sight): Promise<WatchedPage> } {
  let browser: Browser | undefined
  const contexts: BrowserContext[] = []
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
  })
  afterAll(() => browser?.close())
  return {
    open: async (url, sight) => {
      if (browser === undefined) throw new Error('Chromium has not been started')
      const watched = await openPage(browser, url, sight)
      contexts.push(watched.page.context())
      return watched
    },
  }
}

/** Starts Chromium by itself, for programs that are no tests. */
export async function startChromium(): Promise<Browser> {
  if (!existsSync(chromiumPath))
    throw new Error(`${chromiumPath} is missing: run tools/setup --test, or install Debian's chromium`)
  return await chromium.launch({ executablePath: chromiumPath, args, headless: true })
}

/** Opens a page and watches it. */
export async function openPage(browser: Browser, url: string, sight: Sight): Promise<WatchedPage> {
  const { width, height = 900, dark = false, withoutScripts = false, clockMs } = sight
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    javaScriptEnabled: !withoutScripts,
  })
  const page = await context.newPage()
  const watched: WatchedPage = { page, requests: [], complaints: [] }
  page.on('request', (request) => watched.requests.push(request.url()))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') watched.complaints.push(message.text())
  })
  page.on('pageerror', (error) => watched.complaints.push(String(error)))
  if (clockMs !== undefined) await page.clock.setFixedTime(clockMs)
  await page.goto(url, { waitUntil: 'load' })
  return watched
}

/** How the browser paints the first such element: one property, as it computes it; of a pseudo-element where one is named. */
export async function computedStyle(page: Page, selector: string, property: string, pseudo?: string): Promise<string> {
  return await page.$eval(
    selector,
    (element, [name, part]) => element.ownerDocument.defaultView.getComputedStyle(element, part).getPropertyValue(name),
    [property, pseudo],
  )
}
