import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { statusPage } from '../../../functions/status/page/page.ts'
import { statusReport } from '../../../functions/status/report.ts'
import { openPage, startChromium } from '../chromium.ts'
import { sampleNowMs, wellFacts } from '../status-facts.ts'
import { troubledFacts } from '../troubled-status.ts'

/**
 * Takes pictures of status pages, to be looked at; `status.png` is the one in docs/images.
 * Usage: tools/node test/support/programs/status-pictures.ts DIRECTORY
 */
const pictures = [
  { name: 'status', facts: troubledFacts(), language: 'pt-BR', sight: { width: 960, height: 1490 } },
  { name: 'whole', facts: troubledFacts(), language: 'pt-BR', sight: { width: 1100 } },
  { name: 'phone', facts: troubledFacts(), language: 'pt-BR', sight: { width: 320 } },
  { name: 'dark', facts: troubledFacts(), language: 'en', sight: { width: 1100, dark: true } },
  { name: 'well', facts: wellFacts(), language: 'pt-BR', sight: { width: 1100 } },
] as const

const directory = resolve(process.argv[2] ?? 'status-pictures')
await mkdir(directory, { recursive: true })
const browser = await startChromium()
for (const { name, facts, language, sight } of pictures) {
  const file = join(directory, `${name}.html`)
  await writeFile(file, statusPage(statusReport(facts), language, ['pt-BR', 'en']))
  const { page } = await openPage(browser, pathToFileURL(file).href, { ...sight, clockMs: sampleNowMs + 4 * 60_000 })
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: !('height' in sight) })
  await page.context().close()
}
await browser.close()
