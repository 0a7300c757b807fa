import { type Html, html } from '../../../functions/runtime/page/html.ts'
import { cell, row, table } from '../../../functions/runtime/page/tables.ts'
import type { JudgedGoal } from '../model/judged-goals.ts'
import type { DrillResult, LoadResult } from '../model/tests.ts'
import { badge, section } from './parts.ts'
import { limitText, measurementName, testName, type View, whenOf } from './view.ts'

/** One page: every goal, and every test that there is. */
export function verdictSection(view: View): Html {
  const { report, texts } = view
  const { goal, target, measured, margin, sample, result, test, when, where } = texts.columns
  const goals = report.goals.map((one) => goalRow(view, one))
  const tests = [...report.loads, ...report.drills].map((one) => testRow(view, one))
  return section(view, 'verdict', [
    table('goals', texts.columns.goal, [goal, target, measured, margin, sample, result], goals),
    table('tests', texts.columns.test, [test, when, where, result], tests),
    html`<p class="note">${texts.methodNote}</p>`,
  ])
}

function goalRow(view: View, goal: JudgedGoal): Html {
  const { texts, numbers } = view
  const { key, is, target, unit, measured, measurement, margin, samples, state, reason } = goal
  const which = measurement === undefined ? undefined : html` <small>${texts.worst(measurementName(view, measurement))}</small>`
  const why = reason === undefined ? undefined : html` <small>${texts.unproven[reason]}</small>`
  return row(html`${texts.goals[key]}${which}${why}`, [
    cell(texts.columns.target, limitText(view, is, target, unit)),
    cell(texts.columns.measured, measured === undefined ? '–' : numbers.quantity(measured, unit)),
    cell(texts.columns.margin, margin === undefined ? '–' : numbers.difference(margin, unit)),
    cell(texts.columns.sample, samples === undefined ? '–' : numbers.count(samples)),
    cell(texts.columns.result, badge(view, state)),
  ])
}

function testRow(view: View, test: DrillResult | LoadResult): Html {
  const { texts } = view
  const { verdict, isRequired, reason, records } = test
  const { counted, outdated } = records
  const optional = isRequired || verdict !== 'not run' ? undefined : html` <small>${texts.optional}</small>`
  const why = reason === undefined ? '–' : reasonText(view, reason, outdated)
  return row(html`${testName(view, test)}${optional}`, [
    cell(texts.columns.when, reason === undefined && counted !== undefined ? whenOf(view, counted) : why),
    cell(texts.columns.where, counted === undefined ? '–' : texts.on[counted.on]),
    cell(texts.columns.result, badge(view, verdict)),
  ])
}

/** Why a test counts as not run; with the date of the last one, where it was of another definition. */
export function reasonText(
  view: View,
  reason: NonNullable<DrillResult['reason']>,
  outdated: { endedAt: string } | undefined,
): string {
  const text = view.texts.reason[reason]
  return outdated === undefined ? text : view.texts.dated(text, whenOf(view, outdated))
}
