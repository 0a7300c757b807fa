import { z } from 'zod'
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

const withChecks = z.looseObject({
  checks: z.array(
    z.object({
      ...{ subject: z.string(), name: z.string(), status: z.enum(['ok', 'warn', 'fail']), finding: z.string() },
      ...{ fix: z.string().optional(), remindDaily: z.literal(true).optional() },
      immediate: z.literal(true).optional(),
    }),
  ),
})

/** The checks that an outcome rests on; none where it rests on no checks. */
export function checksOf({ details }: Outcome): Check[] {
  const parsed = withChecks.safeParse(details)
  if (!parsed.success) return []
  return parsed.data.checks.map(({ fix, remindDaily, immediate, ...check }) => ({
    ...check,
    ...(fix === undefined ? {} : { fix }),
    ...(remindDaily === undefined ? {} : { remindDaily }),
    ...(immediate === undefined ? {} : { immediate }),
  }))
}
