import type { Outcome } from '../../functions/platform/outcome.ts'
import type { Concern, StatusReport } from '../../functions/status/status-report.ts'

const hint = 'Do what is said for each; `ballast status` shows them.'

/** A status for programs: well only when everything that matters is known, and good. */
export function statusOutcome(report: StatusReport): Outcome {
  const { cluster, verdict, concerns } = report
  const count = (status: Concern['status']): number => concerns.filter((one) => one.status === status).length
  const base = {
    ...{ operation: 'status', subject: cluster },
    numbers: { failures: count('fail'), unknowns: count('unknown'), warnings: count('warn') },
    details: report,
  }
  if (verdict === 'well') return { ...base, ok: true }
  const grave = concerns.filter(({ status }) => status !== 'warn')
  const message = grave.map(({ subject, code }) => `${subject}: ${code}`).join('; ')
  return { ...base, ok: false, failure: { kind: 'unwell', message, hint } }
}
