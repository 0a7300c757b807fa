import type { Check, CheckStatus } from './check.ts'
import type { Outcome } from './outcome.ts'

/** What the checks of an operation found: well unless one failed. */
export function checksOutcome(operation: string, subject: string, hint: string, checks: readonly Check[]): Outcome {
  const count = (status: CheckStatus): number => checks.filter((check) => check.status === status).length
  const failed = checks.filter(({ status }) => status === 'fail')
  return {
    ...{ operation, subject, ok: failed.length === 0 },
    ...(failed.length === 0 ? {} : { failure: { kind: 'unwell', message: message(failed), hint } }),
    numbers: { checksOk: count('ok'), checksWarn: count('warn'), checksFailed: failed.length },
    details: { checks },
  }
}

function message(failed: readonly Check[]): string {
  return failed.map(({ subject, name }) => `${subject}: ${name}`).join('; ')
}
