import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { printPdf } from '../../../handover/report/files/print-pdf.ts'
import { handoverReport } from '../../../handover/report/model/handover-report.ts'
import { reportPage } from '../../../handover/report/page/page.ts'
import { chromiumPath, openPage, startChromium } from '../chromium.ts'
import { troubledImages } from '../handover-images.ts'
import { handoverCluster } from '../handover-records.ts'
import { passingRecords, troubledRecords } from '../handover-scenes.ts'

/**
 * Takes pictures of handover reports, to be looked at; `report.png` is the one in docs/images.
 * Usage: tools/node test/support/programs/report-pictures.ts DIRECTORY
 */
const pictures = [
  { name: 'report', records: troubledRecords(), language: 'pt-BR', sight: { width: 1000, height: 1500 } },
  { name: 'trouble', records: troubledRecords(), language: 'pt-BR', sight: { width: 1100 } },
  { name: 'passed', records: passingRecords(), language: 'en', sight: { width: 1100 } },
  { name: 'phone', records: troubledRecords(), language: 'pt-BR', sight: { width: 320 } },
  { name: 'nothing', records: [], language: 'en', sight: { width: 1100 } },
] as const

const directory = resolve(process.argv[2] ?? 'report-pictures')
await mkdir(directory, { recursive: true })
const browser = await startChromium()
for (const { name, records, language, sight } of pictures) {
  const page = join(directory, `${name}.html`)
  const report = handoverReport({ cluster: handoverCluster, ballast: '0.1.0', records, images: troubledImages() })
  await writeFile(page, reportPage(report, language, ['pt-BR', 'en']))
  const opened = await openPage(browser, pathToFileURL(page).href, sight)
  await opened.page.screenshot({ path: join(directory, `${name}.png`), fullPage: !('height' in sight) })
  await opened.page.context().close()
  const { signal } = new AbortController()
  await writeFile(join(directory, `${name}.pdf`), await printPdf({ chromium: chromiumPath, page, atMs: 0, signal }))
}
await browser.close()
