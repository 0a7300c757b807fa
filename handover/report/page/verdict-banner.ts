import { type Html, html } from '../../../functions/runtime/page/html.ts'
import type { OverallVerdict } from '../model/report.ts'
import { testName, type View } from './view.ts'

/** A tick, a cross and an exclamation mark in a ring. */
const signs: Readonly<Record<OverallVerdict, string>> = {
  passed: 'M14 24.5l7 7 13-14',
  failed: 'M16 16l16 16M32 16l-16 16',
  incomplete: 'M24 13v14M24 33v1.5',
}

/** The verdict of it all in words, with what failed and what is missing by name. */
export function verdictBanner(view: View): Html {
  const { report, texts } = view
  const { verdict, goals, drills, loads } = report
  const required = [...loads, ...drills].filter(({ isRequired }) => isRequired)
  const passed = (all: readonly { verdict: string }[]): number => all.filter((one) => one.verdict === 'passed').length
  const metGoals = goals.filter(({ state }) => state === 'passed').length
  const counts = texts.counts({ passed: passed(required), required: required.length }, { passed: metGoals, all: goals.length })
  const [failed, missing] = [failedNames(view), missingNames(view)]
  return html`<div class="banner ${verdict}"><svg viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="20"/><path d="${signs[verdict]}"/></svg><div><p class="verdict">${texts.overall[verdict]}</p><p>${texts.overallText[verdict]} ${counts}</p>${named(failed, texts.failedNames)}${named(missing, texts.missingNames)}</div></div>`
}

function named(names: readonly string[], text: (names: string) => string): Html | undefined {
  return names.length === 0 ? undefined : html`<p>${text(names.join('; '))}</p>`
}

function failedNames(view: View): string[] {
  const { goals, drills, loads, images, stored = [] } = view.report
  return [
    ...goals.filter(({ state }) => state === 'failed').map(({ key }) => view.texts.goals[key]),
    ...[...loads, ...drills].filter(({ verdict }) => verdict === 'failed').map((one) => testName(view, one)),
    ...images.filter(({ failed = [] }) => failed.length > 0).map(({ name }) => name),
    ...stored.filter(({ proof }) => proof?.verdict === 'different').map(({ database }) => database),
  ]
}

function missingNames(view: View): string[] {
  const { goals, drills, loads, images, definition } = view.report
  const tests = [...loads, ...drills].filter(({ isRequired, verdict }) => isRequired && verdict === 'not run')
  return [
    ...tests.map((one) => testName(view, one)),
    ...goals.filter(({ state }) => state === 'not proven').map(({ key }) => view.texts.goals[key]),
    ...images.filter(({ failed, origin }) => failed === undefined || origin.definition !== definition).map(({ name }) => name),
  ]
}
