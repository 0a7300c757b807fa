import type { Language } from '../../../functions/runtime/page/language.ts'

/** The file of a report in a language: `report.pt-BR.html`. */
export function reportFile(language: Language, ending: 'html' | 'pdf'): string {
  return `report.${language}.${ending}`
}

/** The report for programs: what the pages say, and JUnit's XML for what shows test results. */
export const programFiles = { json: 'report.json', junit: 'report.junit.xml' } as const
