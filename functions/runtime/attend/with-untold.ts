import type { Outcome } from '../../platform/outcome.ts'
import type { Untold } from './attendants.ts'

/** The outcome with what was not told of it. What the operation itself says of its failure stays as it is. */
export function withUntold(outcome: Outcome, untold: readonly Untold[]): Outcome {
  if (untold.length === 0) return outcome
  const { details } = outcome
  const known = typeof details === 'object' && details !== null && !Array.isArray(details) ? details : { result: details }
  const told = { ...outcome, details: { ...(details === undefined ? {} : known), untold } }
  const missed = untold.find(({ critical }) => critical)
  if (missed === undefined || !outcome.ok) return told
  const message = `a critical alert reached nobody: ${missed.message}`
  return { ...told, ok: false, failure: { kind: 'transient', message, hint: missed.hint, code: 'Untold' } }
}
