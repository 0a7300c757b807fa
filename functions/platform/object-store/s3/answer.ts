import { Failure } from '../../failure.ts'

/**
 * What an answer must carry to be S3's own: a page of a proxy or a log-in portal may also come with status 200, and would
 * otherwise pass for an empty listing or a stored object.
 */
export function required<T>(value: T | undefined | '', what: string, subject: string): T {
  if (value !== undefined && value !== '') return value
  throw new Failure(`The store answered with success, but without ${what}`, {
    kind: 'transient',
    subject,
    code: 'BadResponse',
    hint: 'The store or a proxy before it answers wrongly: check the endpoint, then run again.',
  })
}
