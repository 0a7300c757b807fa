import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type BenchOptions, isWhole } from '../options.ts'
import type { BenchReport } from '../results.ts'
import { drawCharts } from './charts.ts'
import { renderDocument } from './document.ts'

const documents = join(import.meta.dirname, '..', '..', 'docs')
const learnedFile = join(import.meta.dirname, '..', 'learned.md')
const numbersFile = 'benchmarks.json'

/** Where the report of this run goes: only a whole run may replace the published one unasked. */
export async function outputDirectory(options: BenchOptions): Promise<string> {
  if (options.output !== undefined) return resolve(options.output)
  if (options.render || isWhole(options)) return documents
  return await mkdtemp(join(tmpdir(), 'ballast-bench-report-'))
}

/** Writes the raw numbers, the charts and the page. */
export async function writeReport(report: BenchReport, directory: string): Promise<void> {
  const images = join(directory, 'images')
  await mkdir(images, { recursive: true })
  await writeFile(join(directory, numbersFile), `${JSON.stringify(report, null, 2)}\n`)
  const charts = drawCharts(report)
  for (const { name, svg } of charts) await writeFile(join(images, name), svg)
  const learned = await readFile(learnedFile, 'utf8')
  await writeFile(join(directory, 'benchmarks.md'), renderDocument(report, charts, learned))
}

/** Writes charts and page again from the raw numbers. */
export async function renderAgain(directory: string): Promise<void> {
  const text = await readFile(join(directory, numbersFile), 'utf8')
  await writeReport(JSON.parse(text) as BenchReport, directory)
}
