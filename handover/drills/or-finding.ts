import { toFailure } from '../../functions/platform/failure.ts'
import type { DrillScene } from './drill.ts'

/**
 * Does what the site must be able to do: where it cannot, that is what the drill found, and not the end of it. Returns whether
 * it was done.
 *
 * @throws what came of a signal, and defects.
 */
export async function orFinding(
  { record, signal }: Pick<DrillScene, 'record' | 'signal'>,
  what: string,
  work: Promise<void>,
): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    const { kind, message, subject, hint } = toFailure(error, what)
    if (signal.aborted || kind === 'bug') throw error
    record.finding(`${what}: ${subject}: ${message}. ${hint}`)
    return false
  }
}
