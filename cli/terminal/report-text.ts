import type { HandoverReport, OverallVerdict } from '../../handover/report/model/report.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'

/** The verdict of a report for a person; what keeps it from passing is said by the command's failure. */
export function reportText(report: HandoverReport, style: Style): string {
  const { title, verdict, goals, drills, loads } = report
  const tests = [...loads, ...drills].filter(({ isRequired }) => isRequired)
  const passed = tests.filter((one) => one.verdict === 'passed').length
  const met = goals.filter(({ state }) => state === 'passed').length
  return `${style.bold(printable(title))}: ${verdictWord(verdict, style)}; ${passed} of ${tests.length} required tests passed, ${met} of ${goals.length} goals met\n`
}

function verdictWord(verdict: OverallVerdict, style: Style): string {
  if (verdict === 'passed') return style.good(verdict)
  return verdict === 'failed' ? style.bad(verdict.toUpperCase()) : style.warn(verdict.toUpperCase())
}
