import { throwIfAborted } from './abort.ts'
import { toFailure } from './failure.ts'

/**
 * Starts several pieces of work and waits for all of them. The first to fail stops the others through the signal that they
 * were given; its error is thrown when they have released what they hold.
 *
 * @param outer stops all of them.
 */
export async function sideBySide<const Results extends readonly unknown[]>(
  outer: AbortSignal | undefined,
  subject: string,
  start: (signal: AbortSignal) => { [Index in keyof Results]: Promise<Results[Index]> },
): Promise<Results> {
  const stop = new AbortController()
  const parts: readonly Promise<unknown>[] = start(outer === undefined ? stop.signal : AbortSignal.any([outer, stop.signal]))
  for (const part of parts) part.catch((error: unknown) => stop.abort(toFailure(error, subject)))
  try {
    return (await Promise.all(parts)) as unknown as Results
  } catch (error) {
    await Promise.allSettled(parts)
    // Whatever a stop from outside made fail first says less than the stop itself.
    throwIfAborted(outer, subject)
    throw error
  }
}
