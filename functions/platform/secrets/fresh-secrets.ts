import { Failure } from '../failure.ts'
import { forgetManagedSecrets } from './secrets-manager.ts'

/** What PostgreSQL and S3 answer to credentials that are not, or no longer, right. */
const refusals: ReadonlySet<string | undefined> = new Set([
  ...['28P01', '28000'],
  ...['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken'],
])

/**
 * Does work that looks secrets up itself. Where its credentials are refused and came from memory, they may have been rotated:
 * the work is done once more with secrets that are fetched anew.
 */
export async function withFreshSecrets<T>(work: () => Promise<T>): Promise<T> {
  const begunMs = Date.now()
  try {
    return await work()
  } catch (error) {
    const refused = error instanceof Failure && refusals.has(error.code)
    if (!refused || !forgetManagedSecrets(begunMs)) throw error
    return await work()
  }
}
