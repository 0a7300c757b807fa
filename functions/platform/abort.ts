import { Failure } from './failure.ts'

/** The Failure of work that its caller's signal ended; the signal's own reason when that is a Failure. */
export function abortFailure(signal: AbortSignal | undefined, subject: string): Failure {
  const reason: unknown = signal?.reason
  if (reason instanceof Failure) return reason
  return new Failure('The run was stopped before this was done', {
    kind: 'transient',
    subject,
    code: 'Aborted',
    hint: 'Start the operation again when it may run to its end; what it left behind counts for nothing.',
    cause: reason,
  })
}

/** @throws the signal's Failure once it has fired. */
export function throwIfAborted(signal: AbortSignal | undefined, subject: string): void {
  if (signal?.aborted) throw abortFailure(signal, subject)
}

/** The promise's result, or the signal's Failure if that comes first. The promise goes on by itself and must not be lost. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, subject: string): Promise<T> {
  if (signal === undefined) return promise
  throwIfAborted(signal, subject)
  const stopped = Promise.withResolvers<never>()
  const stop = () => stopped.reject(abortFailure(signal, subject))
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([promise, stopped.promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
