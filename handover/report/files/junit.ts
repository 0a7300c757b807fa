import { type Html, html } from '../../../functions/runtime/page/html.ts'
import type { HandoverReport } from '../model/report.ts'
import type { DrillResult, LoadResult } from '../model/tests.ts'

/**
 * The report as JUnit's XML, for programs that show results of tests: a suite of goals, of load tests and of drills. What is
 * not proven although it must be is an error, and what need not be run is skipped: neither is a success.
 */
export function junitXml(report: HandoverReport): string {
  const suites = [
    suite('goals', report.goals.map(goalCase)),
    suite('load tests', report.loads.map(testCase)),
    suite('drills', report.drills.map(testCase)),
  ]
  const xml = html`<testsuites name="handover of ${report.cluster}">\n${suites}</testsuites>\n`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml.text}`
}

interface Case {
  element: Html
  kind: 'passed' | 'failure' | 'error' | 'skipped'
}

function suite(name: string, cases: readonly Case[]): Html {
  const count = (kind: Case['kind']): number => cases.filter((one) => one.kind === kind).length
  const counts = html`tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`
  return html`<testsuite name="${name}" ${counts}>\n${cases.map(({ element }) => element)}</testsuite>\n`
}

function goalCase({ path, state, reason, measured, target, is, unit }: HandoverReport['goals'][number]): Case {
  const found = `measured ${measured ?? 'nothing'}, ${is} ${target} ${unit} was promised`
  if (state === 'passed') return caseOf('goal', path, 0, 'passed')
  return state === 'failed'
    ? caseOf('goal', path, 0, 'failure', found)
    : caseOf('goal', path, 0, 'error', `${state} (${reason ?? ''}): ${found}`)
}

function testCase({ kind, name, verdict, isRequired, reason, records }: DrillResult | LoadResult): Case {
  const { counted } = records
  const seconds = counted === undefined ? 0 : (Date.parse(counted.endedAt) - Date.parse(counted.startedAt)) / 1000
  if (verdict === 'passed') return caseOf(kind, name, seconds, 'passed')
  if (verdict === 'failed') return caseOf(kind, name, seconds, 'failure', failureText(counted))
  return caseOf(kind, name, 0, isRequired ? 'error' : 'skipped', `not run: ${reason ?? ''}`)
}

function failureText(record: (DrillResult | LoadResult)['records']['counted']): string {
  if (record === undefined) return ''
  const missed = record.measurements.flatMap(({ key, value, unit, samples, limit }) =>
    limit === undefined ? [] : [`${key}: ${value} ${unit} of ${samples} samples, ${limit.is} ${limit.value}`],
  )
  return [...record.findings, ...missed].join('; ')
}

function caseOf(suiteName: string, name: string, seconds: number, kind: Case['kind'], message = ''): Case {
  const results = {
    passed: undefined,
    failure: html`<failure message="${message}"/>`,
    error: html`<error message="${message}"/>`,
    skipped: html`<skipped message="${message}"/>`,
  }
  const element = html`<testcase classname="${suiteName}" name="${name}" time="${seconds}">${results[kind]}</testcase>\n`
  return { element, kind }
}
