import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Language } from '../../../functions/runtime/page/language.ts'
import type { HandoverReport } from '../model/report.ts'
import { reportFile } from './names.ts'
import { findChromium, printPdf } from './print-pdf.ts'
import { reportFiles } from './report-files.ts'

/** Where a report goes. */
export interface ReportPlace {
  /** Absolute; made where it is not there. */
  directory: string
  /** The first is what readers meet. */
  languages: readonly Language[]
}

/** Writes the report for programs and a page in each language; returns the paths. The same report gives the same bytes. */
export async function writeReport(report: HandoverReport, { directory, languages }: ReportPlace): Promise<string[]> {
  await mkdir(directory, { recursive: true })
  // A PDF of an earlier report must not lie beside this one's pages, should printing fail.
  for (const language of languages) await rm(join(directory, reportFile(language, 'pdf')), { force: true })
  const paths: string[] = []
  for (const { name, text } of reportFiles(report, languages)) paths.push(await writeWhole(join(directory, name), text))
  return paths
}

/**
 * Prints the pages that {@link writeReport} wrote; returns the paths.
 *
 * @throws Failure `config` without a Chromium.
 */
export async function printReport(
  report: HandoverReport,
  { directory, languages }: ReportPlace,
  { env, signal }: { env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<string[]> {
  const chromium = await findChromium(env)
  const atMs = report.asOf === undefined ? 0 : Date.parse(report.asOf)
  return await Promise.all(
    languages.map(async (language) => {
      const page = join(directory, reportFile(language, 'html'))
      return await writeWhole(join(directory, reportFile(language, 'pdf')), await printPdf({ chromium, page, atMs, signal }))
    }),
  )
}

async function writeWhole(path: string, content: string | Uint8Array): Promise<string> {
  const partial = `${path}.${randomUUID()}.partial`
  try {
    await writeFile(partial, content)
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  return path
}
