import type { Outcome } from './outcome.ts'

type Kind = NonNullable<Outcome['failure']>['kind']

/** The worst first: what a retry cures least. */
const severity: readonly Kind[] = ['bug', 'permanent', 'transient', 'config', 'unwell']

/** One outcome of several: itself when there is only one; well only when all are. `of` says what they are about. */
export function combineOutcomes(
  operation: string,
  subject: string,
  outcomes: readonly Outcome[],
  of: 'databases' | 'stores' = 'databases',
): Outcome {
  const [only, ...others] = outcomes
  if (only !== undefined && others.length === 0) return only
  const failures = outcomes.filter(({ ok }) => !ok)
  const failedOf = of === 'databases' ? 'failedDatabases' : 'failedStores'
  const numbers = {
    ...{ [of]: outcomes.length, [failedOf]: failures.length, seconds: totalSeconds(outcomes) },
    ...(outcomes.some(({ numbers: { alreadyRunning } }) => alreadyRunning) ? { alreadyRunning: true } : {}),
  }
  const combined = { operation, subject, numbers, details: { outcomes } }
  const worst = worstFailure(failures)
  if (worst === undefined) return { ...combined, ok: true }
  const named = failures.map((failed) => failed.subject).join(', ')
  const message = `${failures.length} of ${outcomes.length} failed (${named}): ${worst.message}`
  return { ...combined, ok: false, failure: { ...worst, message } }
}

/** The failure of several that a retry cures least. */
export function worstFailure(outcomes: readonly Pick<Outcome, 'failure'>[]): Outcome['failure'] {
  const failures = outcomes.flatMap(({ failure }) => failure ?? [])
  return failures.toSorted((a, b) => severity.indexOf(a.kind) - severity.indexOf(b.kind))[0]
}

function totalSeconds(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((sum, { numbers }) => sum + Number(numbers.seconds ?? 0), 0)
}
