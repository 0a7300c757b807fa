import { type Html, html } from '../../../functions/runtime/page/html.ts'
import { cell, row, table } from '../../../functions/runtime/page/tables.ts'
import type { Risk } from '../model/risk.ts'
import { drillsOf } from './drill-sections.ts'
import { section } from './parts.ts'
import { testName, type View } from './view.ts'

/** What breaks on purpose. */
export function failuresSection(view: View): Html {
  return section(view, 'failures', drillsOf(view, 'failures'))
}

/** Who can reach what, and how. */
export function exposureSection(view: View): Html {
  return section(view, 'exposure', drillsOf(view, 'exposure'))
}

/** What whoever signs takes on. */
export function risksSection(view: View): Html {
  const { risks } = view.report
  const items = risks.map((risk) => html`<li>${riskText(view, risk)}</li>`)
  return section(view, 'risks', [
    risks.length === 0 ? html`<p>${view.texts.noRisks}</p>` : html`<ul class="risks">${items}</ul>`,
  ])
}

/** A risk in a sentence of the reader's language. */
function riskText(view: View, risk: Risk): string {
  const { risk: sentences, goals } = view.texts
  switch (risk.key) {
    case 'notTested':
      return sentences.notTested(risk.tests.map((test) => testName(view, test)).join('; '))
    case 'failedTest':
    case 'testedInPart':
    case 'laterAttempt':
      return sentences[risk.key](testName(view, risk.test))
    case 'missedGoal':
    case 'unprovenGoal':
    case 'thinMargin':
      return sentences[risk.key](goals[risk.goal])
    case 'sandbox':
      return sentences.sandbox(risk.tests, risk.of)
    case 'uncommitted':
      return sentences.uncommitted(risk.tests)
    case 'imageFailed':
    case 'imageUntested':
    case 'imageOutdated':
      return sentences[risk.key](risk.image)
    case 'noBackup':
    case 'unprovenBackup':
    case 'differentBackup':
      return sentences[risk.key](risk.database)
  }
}

/** Lines for signatures; empty ones where nobody is named. */
export function signOffSection(view: View): Html {
  const { report, texts } = view
  const { name, signature, date } = texts.columns
  const people = report.approvers.map((approver) => html`${approver.name} <small>${approver.role}</small>`)
  const rows = (people.length === 0 ? [html`&nbsp;`, html`&nbsp;`] : people).map((person) =>
    row(person, [cell(signature, ''), cell(date, '')]),
  )
  const { accepted, acceptedWithRisks, refused } = texts.decisions
  const choices = [accepted, acceptedWithRisks, refused].map((choice) => html`<li><span class="box"></span>${choice}</li>`)
  return section(view, 'signOff', [
    html`<p>${texts.signOffText}${people.length === 0 ? ` ${texts.noApprovers}` : ''}</p>`,
    html`<h3>${texts.decision}</h3><ul class="decisions">${choices}</ul>`,
    table('signatures', texts.sections.signOff, [name, signature, date], rows),
  ])
}
