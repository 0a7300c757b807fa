import { Failure } from '../failure.ts'

/** A connection string, service file or variable that cannot be used. The message must not quote a value that may be secret. */
export function conninfoFailure(message: string, hint?: string, cause?: unknown): Failure {
  return new Failure(message, {
    kind: 'config',
    subject: 'connection settings',
    hint:
      hint ??
      'Write the connection as postgresql://user@host:5432/database?sslmode=verify-full or as "host=... dbname=... user=...".',
    cause,
  })
}
