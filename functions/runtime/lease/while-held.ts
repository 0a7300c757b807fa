import { throwIfAborted } from '../../platform/abort.ts'
import type { Acquired, LeaseRequest } from './acquire-lease.ts'
import { holdLease } from './hold-lease.ts'

/**
 * Does work under a lease that was acquired, and gives it back however the work ends. The work's signal fires with the
 * request's own, and when the lease is lost.
 */
export async function whileHeld<T>(
  { store, key, signal: outer }: Pick<LeaseRequest, 'store' | 'key' | 'signal'>,
  { held, sinceMs }: Extract<Acquired, { held: unknown }>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lease = holdLease(store, key, held, sinceMs)
  try {
    const signal = AbortSignal.any([outer, lease.signal])
    throwIfAborted(signal, key)
    return await work(signal)
  } finally {
    await lease.release()
  }
}
