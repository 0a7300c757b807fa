import { Failure } from '../../failure.ts'
import type { ConditionalWrite } from '../profiles.ts'
import { changedSince } from '../small-object.ts'
import { objectUrl, type S3Connection } from './connection.ts'
import { headObject } from './head.ts'

/**
 * Replaces an object under the condition that it has the version that was read, as well as the provider can.
 *
 * @param store sends the request with the given condition.
 */
export async function storeIfVersion<T>(
  connection: S3Connection,
  key: string,
  version: string,
  conditional: ConditionalWrite,
  signal: AbortSignal | undefined,
  store: (condition: { IfMatch?: string }) => Promise<T>,
): Promise<T> {
  const subject = objectUrl(connection, key)
  if (conditional !== 'enforced') {
    const found = await headObject(connection, key, signal)
    if (found?.etag !== version) throw changedSince(subject)
  }
  try {
    return await store({ IfMatch: version })
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    // What was deleted in the meantime has changed, too.
    if (failure.code === 'PreconditionFailed' || failure.code === 'NoSuchKey') throw changedSince(subject, failure)
    if (failure.code === 'NotImplemented' && conditional !== 'enforced') return store({})
    throw failure
  }
}
