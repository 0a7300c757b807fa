import type { Language } from '../../../functions/runtime/page/language.ts'
import type { HandoverReport } from '../model/report.ts'
import { reportPage } from '../page/page.ts'
import { junitXml } from './junit.ts'
import { programFiles, reportFile } from './names.ts'

/** One file of a report, before it is anywhere. */
export interface ReportFile {
  name: string
  text: string
  contentType: string
}

/** A page in each language, and the report for programs. The same report gives the same bytes. */
export function reportFiles(report: HandoverReport, languages: readonly Language[]): ReportFile[] {
  return [
    ...languages.map((language) => {
      const text = reportPage(report, language, languages)
      return { name: reportFile(language, 'html'), text, contentType: 'text/html; charset=utf-8' }
    }),
    { name: programFiles.json, text: `${JSON.stringify(report, undefined, 1)}\n`, contentType: 'application/json' },
    { name: programFiles.junit, text: junitXml(report), contentType: 'application/xml' },
  ]
}
