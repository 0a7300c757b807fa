import type { S3Client } from '@aws-sdk/client-s3'
import { abortFailure, throwIfAborted } from '../../abort.ts'
import type { StoreLimits } from '../limits.ts'
import type { ProviderProfile } from '../profiles.ts'
import type { S3Settings } from '../settings.ts'
import { s3Failure } from './errors.ts'
import type { PartPool } from './part-pool.ts'
import { backOff, nextAttempt } from './retry.ts'

/** One bucket and prefix, as every request of the adapter needs it. */
export interface S3Connection {
  client: S3Client
  settings: S3Settings
  profile: ProviderProfile
  limits: StoreLimits
  parts: PartPool
}

/** What a request is for: its words in an error, its key, its caller's signal. */
export interface RequestPurpose {
  /** As in "Storing the object". */
  doing: string
  subject: string
  signal?: AbortSignal | undefined
}

/** The key as the bucket knows it. */
export function bucketKey(connection: S3Connection, key: string): string {
  const { prefix } = connection.settings
  return prefix === '' ? key : `${prefix}/${key}`
}

/** `s3://bucket/prefix/key`, for people. */
export function objectUrl(connection: S3Connection, key: string): string {
  return `s3://${connection.settings.bucket}/${bucketKey(connection, key)}`
}

/**
 * Makes one request, again where that may help, and turns every error into a Failure.
 *
 * @param attempt sends it; told the number of the attempt, from 1.
 */
export async function request<T>(
  connection: S3Connection,
  purpose: RequestPurpose,
  attempt: (number: number, options: { abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  const { doing, subject, signal } = purpose
  const options = signal === undefined ? {} : { abortSignal: signal }
  for (let number = 1; ; number += 1) {
    throwIfAborted(signal, subject)
    try {
      return await attempt(number, options)
    } catch (thrown) {
      if (signal?.aborted) throw abortFailure(signal, subject)
      const failure = s3Failure(thrown, doing, subject)
      const waitMs = nextAttempt(failure, number, connection.limits, Math.random())
      if (waitMs === undefined) throw failure
      await backOff(waitMs, signal, subject)
    }
  }
}
