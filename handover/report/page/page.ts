import { pageDocument } from '../../../functions/runtime/page/document.ts'
import { html } from '../../../functions/runtime/page/html.ts'
import type { Language } from '../../../functions/runtime/page/language.ts'
import type { HandoverReport } from '../model/report.ts'
import { backupSection } from './backup-section.ts'
import { cover } from './cover.ts'
import { imagesSection } from './images-section.ts'
import { loadSection } from './load-section.ts'
import { exposureSection, failuresSection, risksSection, signOffSection } from './other-sections.ts'
import { pageStyle } from './style.ts'
import { untestedSection } from './untested-section.ts'
import { verdictSection } from './verdict-section.ts'
import { viewOf } from './view.ts'

/** The report as one HTML file that needs nothing else and runs nothing, in one of these languages. */
export function reportPage(report: HandoverReport, language: Language, languages: readonly Language[]): string {
  const view = viewOf(report, language)
  const { texts } = view
  return pageDocument({
    ...{ language, title: `${report.title}: ${texts.cover.kind}`, style: pageStyle(view) },
    body: html`${cover(view, language, languages)}
<main>
${verdictSection(view)}
${loadSection(view)}
${failuresSection(view)}
${backupSection(view)}
${exposureSection(view)}
${imagesSection(view)}
${untestedSection(view)}
${risksSection(view)}
${signOffSection(view)}
</main>
<footer><p>${texts.madeBy(report.ballast)} ${texts.timesNote(report.timeZone)}</p></footer>`,
  })
}
