import { Failure } from '../../failure.ts'
import type { ConditionalWrite } from '../profiles.ts'
import { objectUrl, type S3Connection } from './connection.ts'
import { headObject } from './head.ts'
import { alreadyThere } from './hidden-refusal.ts'

/**
 * Stores under the condition that the key is free, as well as the provider can.
 *
 * @param store sends the request with the given condition.
 */
export async function storeIfAbsent<T>(
  connection: S3Connection,
  key: string,
  conditional: ConditionalWrite,
  signal: AbortSignal | undefined,
  store: (condition: { IfNoneMatch?: '*' }) => Promise<T>,
): Promise<T> {
  if (conditional === 'enforced') return store({ IfNoneMatch: '*' })
  if ((await headObject(connection, key, signal)) !== undefined) {
    throw alreadyThere(objectUrl(connection, key))
  }
  try {
    return await store({ IfNoneMatch: '*' })
  } catch (failure) {
    // Some stores refuse the header itself; then the lookup above is all there is.
    if (failure instanceof Failure && failure.code === 'NotImplemented') return store({})
    throw failure
  }
}
