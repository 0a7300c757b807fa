import type { Outcome } from '../../functions/platform/outcome.ts'
import type { HandoverReport } from '../../handover/report/model/report.ts'

/** A report for programs: well only when everything that the definition promises was shown. */
export function reportOutcome(report: HandoverReport, files: readonly string[]): Outcome {
  const { cluster, verdict, goals, drills, loads } = report
  const tests = [...drills, ...loads]
  const count = (wanted: string): number => tests.filter((one) => one.verdict === wanted).length
  const base = {
    ...{ operation: 'report', subject: cluster },
    numbers: {
      ...{ verdict, goals: goals.length, goalsMet: goals.filter(({ state }) => state === 'passed').length },
      ...{ testsPassed: count('passed'), testsFailed: count('failed'), testsNotRun: count('not run') },
    },
    details: { files: [...files] },
  }
  if (verdict === 'passed') return { ...base, ok: true }
  const message = `the handover of ${cluster} is ${verdict}: ${openPoints(report).join('; ')}`
  const hint = 'Run what is missing with `ballast loadtest` and `ballast rehearse`, and mend what failed; the report says more.'
  return { ...base, ok: false, failure: { kind: 'unwell', message, hint } }
}

/** What keeps a report from being passed, in short. */
export function openPoints({ goals, drills, loads, images, stored = [], definition }: HandoverReport): string[] {
  const tests = [...loads, ...drills].filter(
    ({ verdict, isRequired }) => verdict === 'failed' || (isRequired && verdict !== 'passed'),
  )
  return [
    ...tests.map(({ name, verdict, reason }) => `${name} ${verdict}${reason === undefined ? '' : ` (${reason})`}`),
    ...goals.filter(({ state }) => state === 'failed' || state === 'not proven').map(({ path, state }) => `${path} ${state}`),
    ...images.flatMap(({ name, failed, origin }) => {
      if (failed === undefined) return [`${name} never tested`]
      if (failed.length > 0) return [`${name} failed its tests`]
      return origin.definition === definition ? [] : [`${name} baked from another definition`]
    }),
    ...stored.flatMap(({ database, proof }) => (proof?.verdict === 'different' ? [`${database} not restored equal`] : [])),
  ]
}
