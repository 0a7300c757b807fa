import { createHash } from 'node:crypto'
import { html, trusted } from '../../../functions/runtime/page/html.ts'
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
  const style = pageStyle(view)
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none';style-src 'sha256-${hash}';base-uri 'none';form-action 'none'`
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${report.title}: ${texts.cover.kind}</title>
<style>${trusted(style)}</style>
</head>
<body>
${cover(view, language, languages)}
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
<footer><p>${texts.madeBy(report.ballast)} ${texts.timesNote(report.timeZone)}</p></footer>
</body>
</html>
`
  return page.text
}
