import type { Check, CheckStatus } from '../../functions/doctor/check.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'

const hint = 'Do what is said for each failed check, then run `ballast doctor` again.'

/** What the checks found: well unless one failed. */
export function doctorOutcome(checks: readonly Check[]): Outcome {
  const count = (status: CheckStatus): number => checks.filter((check) => check.status === status).length
  const failed = checks.filter(({ status }) => status === 'fail')
  const [first] = failed
  return {
    operation: 'doctor',
    subject: 'set-up',
    ok: first === undefined,
    ...(first === undefined ? {} : { failure: { kind: 'unwell', message: message(failed), hint } }),
    numbers: { checksOk: count('ok'), checksWarn: count('warn'), checksFailed: failed.length },
    details: { checks },
  }
}

function message(failed: readonly Check[]): string {
  return failed.map(({ subject, name }) => `${subject}: ${name}`).join('; ')
}
