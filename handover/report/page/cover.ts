import { type Html, html } from '../../../functions/runtime/page/html.ts'
import type { Language } from '../../../functions/runtime/page/language.ts'
import { textsOf } from '../../texts/languages.ts'
import type { SectionKey } from '../../texts/texts.ts'
import { reportFile } from '../files/names.ts'
import { verdictBanner } from './verdict-banner.ts'
import { type View, whenOf } from './view.ts'

/** Whose report it is, of which definition, as of when, and the verdict. */
export function cover(view: View, language: Language, languages: readonly Language[]): Html {
  const { report, texts } = view
  return html`<header class="cover">
<div class="top"><p class="kind">${texts.cover.kind}</p>${otherLanguages(view, language, languages)}</div>
<h1>${report.title}</h1>
${verdictBanner(view)}
<dl class="facts">${facts(view)}</dl>
<p class="note">${texts.coverNote}</p>
${contents(view)}
</header>
`
}

function facts({ report, texts, ...view }: View): Html[] {
  const { client, cluster, environment, definition, commit, asOf, ballast } = report
  const places = new Set([...report.drills, ...report.loads].flatMap(({ records }) => records.counted?.on ?? []))
  const when = asOf === undefined ? texts.noRecords : whenOf({ report, texts, ...view }, { endedAt: asOf })
  const rows: [string, Html | string][] = [
    [texts.cover.client, client ?? texts.noClient],
    [texts.cover.cluster, `${cluster} (${texts.environment[environment]})`],
    [texts.cover.date, when],
    [texts.cover.ranOn, places.size === 0 ? '–' : [...places].map((place) => texts.on[place]).join(', ')],
    [texts.cover.definition, html`<code>${definition}</code>`],
    [texts.cover.commit, html`<code>${commit ?? texts.noCommit}</code>`],
    [texts.cover.version, ballast],
  ]
  return rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)
}

function otherLanguages({ texts }: View, language: Language, languages: readonly Language[]): Html | undefined {
  const others = languages.filter((other) => other !== language)
  if (others.length === 0) return undefined
  const links = others.map(
    (other) =>
      html` <a href="${reportFile(other, 'html')}" lang="${other}" hreflang="${other}">${textsOf(other).languageName}</a>`,
  )
  return html`<nav class="languages" aria-label="${texts.otherLanguages}">${links}</nav>`
}

function contents({ texts }: View): Html {
  const keys = Object.keys(texts.sections) as SectionKey[]
  const items = keys.map((key) => html`<li><a href="#${key}">${texts.sections[key]}</a></li>`)
  return html`<nav class="contents" aria-label="${texts.contents}"><h2>${texts.contents}</h2><ol>${items}</ol></nav>`
}
