import { Failure, toFailure } from '../../failure.ts'
import { knownError } from './known-errors.ts'

/** The parts of an SDK or Node error that tell what happened. */
interface ServiceError {
  name?: string
  message?: string
  code?: string
  Code?: string
  $metadata?: { httpStatusCode?: number }
}

/**
 * Any error of a request as a Failure: by S3's own code, else by HTTP status (answers to HEAD have no body), else by the
 * network error.
 *
 * @param doing what was tried, as in "Storing the object".
 */
export function s3Failure(thrown: unknown, doing: string, subject: string): Failure {
  if (thrown instanceof Failure) return thrown
  const error = thrown as ServiceError
  const found = recognise(error)
  if (found === undefined) return toFailure(thrown, subject)
  const known = knownError(found)
  const status = error.$metadata?.httpStatusCode
  const kind = known?.kind ?? (status !== undefined && (status >= 500 || status < 300) ? 'transient' : 'permanent')
  return new Failure(`${doing} failed: ${found}${detail(error, found)}`, {
    kind,
    subject,
    code: known?.code ?? found,
    hint: known?.hint ?? unknownHint(kind),
    cause: thrown,
  })
}

/** The Failure for an error code that arrived inside a successful answer (DeleteObjects reports per key). */
export function s3CodeFailure(code: string, message: string | undefined, doing: string, subject: string): Failure {
  return s3Failure({ name: code, message, $metadata: { httpStatusCode: code === 'InternalError' ? 500 : 400 } }, doing, subject)
}

function recognise(error: ServiceError): string | undefined {
  // The HTTP handler renames resets to TimeoutError; only a true timeout has no errno.
  const named = [error.Code, error.code, error.name].find((code) => code !== undefined && knownError(code) !== undefined)
  if (named !== undefined) return named
  if (error.message === 'Region is missing') return 'RegionMissing'
  const status = error.$metadata?.httpStatusCode
  if (status !== undefined) return byStatus(status, error)
  return error.code
}

const statusCodes: Readonly<Record<number, string>> = {
  301: 'PermanentRedirect',
  401: 'AccessDenied',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  409: 'ConditionalRequestConflict',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
  429: 'SlowDown',
  501: 'NotImplemented',
  503: 'ServiceUnavailable',
  507: 'InsufficientStorage',
}

function byStatus(status: number, error: ServiceError): string {
  const code = statusCodes[status]
  if (code !== undefined) return code
  if (status < 300) return 'BadResponse'
  const { name = '' } = error
  return /^(|Error|Unknown.*|\d.*)$/.test(name) ? `Http${status}` : name
}

function detail(error: ServiceError, code: string): string {
  const { message } = error
  if (message === undefined || message === '' || message === code || message === 'UnknownError') return ''
  return ` (${message.split('\n', 1)[0]?.slice(0, 300)})`
}

function unknownHint(kind: string): string {
  if (kind === 'transient') return 'The store answered with an error of its own and all retries were used up; run again.'
  return "Look the code up in the provider's documentation; the request itself was refused."
}
