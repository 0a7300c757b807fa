import { Failure, type FailureKind } from '../failure.ts'
import { lastLines } from '../process/child-failure.ts'

/** k6's exit code for a run that went to its end, or was ended by a threshold, and missed at least one. */
const thresholdsMissed = 'exit 99'

/** k6's exit codes for a run that failed. */
const meanings: Readonly<Record<string, { kind: FailureKind; hint: string }>> = {
  'exit 104': { kind: 'config', hint: 'k6 refuses its options: correct what it names above.' },
  'exit 105': { kind: 'transient', hint: 'Somebody stopped k6 from outside: run it again.' },
  'exit 107': {
    kind: 'config',
    hint: 'The plan cannot be run: correct what is named above, in the definition or on the command line.',
  },
}

/** @throws Failure for a run that failed by itself, where k6 did not end with 0 because thresholds were missed. */
export function requireMissedThresholds(failure: Failure): void {
  if (failure.code === thresholdsMissed) return
  const meaning = meanings[failure.code ?? '']
  if (meaning === undefined) throw failure
  throw new Failure(failure.message, { ...meaning, subject: 'k6', code: failure.code ?? 'k6', cause: failure })
}

/**
 * The summary that a script wrote.
 *
 * @param stderr what k6 said: it exits with 0 or 99 also when it could not write a summary.
 * @throws Failure where there is none.
 */
export function parsedSummary(text: string | undefined, stderr: string): unknown {
  try {
    if (text !== undefined) return JSON.parse(text)
  } catch (cause) {
    throw noSummary('wrote a summary that is not JSON', stderr, cause)
  }
  throw noSummary('ended without a summary', stderr)
}

function noSummary(what: string, stderr: string, cause?: unknown): Failure {
  return new Failure(`k6 ${what}, so that nothing is known of its run: ${lastLines(stderr) || 'it said nothing'}`, {
    ...{ kind: 'permanent', subject: 'k6', code: 'NoSummary', cause },
    hint: 'Look for a full disk in the directory for temporary files, and read what k6 wrote; then run it again.',
  })
}
