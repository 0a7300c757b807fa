import { pageDocument } from '../../runtime/page/document.ts'
import { type Html, html } from '../../runtime/page/html.ts'
import type { Language } from '../../runtime/page/language.ts'
import type { StatusReport } from '../status-report.ts'
import { ageScript } from './age-script.ts'
import { alertsSection } from './alerts-section.ts'
import { databasesSection } from './databases-section.ts'
import { textsOf } from './languages.ts'
import { rehearsalsSection } from './rehearsals-section.ts'
import { replicationSection } from './replication-section.ts'
import { runsSection } from './runs-section.ts'
import { storesSection } from './stores-section.ts'
import { style } from './style.ts'
import { concernsSection, verdictSection } from './verdict-section.ts'
import { type View, viewOf } from './view.ts'

/** The file of a language: the first language is what a reader meets. */
export function pageFile(language: Language, languages: readonly Language[]): string {
  return language === languages[0] ? 'index.html' : `${language.toLowerCase()}.html`
}

/** A report as one HTML file that needs nothing else, in one of these languages. */
export function statusPage(report: StatusReport, language: Language, languages: readonly Language[]): string {
  const view = viewOf(report, language)
  const { texts } = view
  const isSampled = report.databases.some(({ lastVerification }) => lastVerification?.verdict === 'sampled')
  const renewBy = report.renewByMs === undefined ? undefined : html` data-renew-by="${report.renewByMs}"`
  return pageDocument({
    ...{ language, title: `${report.title}: ${texts.pageTitle}`, style, script: ageScript },
    attributes: html` data-as-of="${report.asOfMs}"${renewBy} data-age="${texts.age}"`,
    body: html`${pageHeader(view, language, languages)}
<main>
${verdictSection(view)}
${concernsSection(view)}
${alertsSection(view)}
${databasesSection(view)}
${replicationSection(view)}
${runsSection(view)}
${rehearsalsSection(view)}
${storesSection(view)}
</main>
<footer><p>${isSampled ? texts.samplingNote : texts.verificationNote}</p><p>${texts.timesNote(report.timeZone)} ${texts.madeBy}</p></footer>`,
  })
}

function pageHeader({ report, texts }: View, language: Language, languages: readonly Language[]): Html {
  const { title, cluster, environment } = report
  const words: Readonly<Record<string, string>> = texts.environment
  const where = environment === undefined ? cluster : `${cluster} · ${words[environment] ?? environment}`
  const others = languages.filter((other) => other !== language)
  const links = others.map(
    (other) =>
      html` <a href="${pageFile(other, languages)}" lang="${other}" hreflang="${other}">${textsOf(other).languageName}</a>`,
  )
  const nav = others.length === 0 ? undefined : html`<nav aria-label="${texts.otherLanguages}">${links}</nav>`
  return html`<header><div class="top"><h1>${title}: ${texts.pageTitle}</h1>${nav}</div><p class="sub">${where}</p></header>`
}
