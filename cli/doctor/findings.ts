import { type Check, type Finding, fail } from '../../functions/platform/check.ts'
import type { Failure } from '../../functions/platform/failure.ts'

/** A Failure as a finding. */
export function failureFinding(name: string, { message, hint }: Failure): Finding {
  return fail(name, message, hint)
}

/** Findings of one subject. */
export function about(subject: string, findings: readonly Finding[]): Check[] {
  return findings.map((finding) => ({ subject, ...finding }))
}
