import type { ExplainStderr } from '../process/child-failure.ts'
import { type ErrorMeaning, meaningOfErrno, meaningOfMessage, meaningOfSqlstate } from './error-meanings.ts'

/** Stock tools print no SQLSTATE, so their (untranslated) words are traced back to one, or to an errno's name. */
const CODES: readonly { pattern: RegExp; code: string }[] = [
  { pattern: /conflict with recovery/, code: '40001' },
  { pattern: /invalid snapshot identifier|could not import the requested snapshot/, code: '22023' },
  {
    pattern: /password authentication failed|no password supplied|no pg_hba\.conf entry|role ".*" does not exist/,
    code: '28000',
  },
  { pattern: /database ".*" does not exist/, code: '3D000' },
  { pattern: /cannot connect to invalid database|is not currently accepting connections/, code: '55000' },
  { pattern: /permission denied for|must be (?:owner|superuser|a member)/, code: '42501' },
  { pattern: /could not obtain lock|due to lock timeout/, code: '55P03' },
  { pattern: /canceling statement due to/, code: '57014' },
  { pattern: /the database system is (?:starting|shutting|not yet|in recovery)/, code: '57P03' },
  { pattern: /terminating connection due to/, code: '57P01' },
  { pattern: /too many (?:clients|connections)|remaining connection slots/, code: '53300' },
  { pattern: /No space left on device|could not extend file/, code: '53100' },
  { pattern: /could not translate host name/, code: 'ENOTFOUND' },
  { pattern: /connection to server on socket .* failed: No such file or directory/, code: 'ENOENT' },
  { pattern: /Connection refused/, code: 'ECONNREFUSED' },
  { pattern: /timeout expired|Connection timed out/, code: 'ETIMEDOUT' },
  {
    pattern: /server closed the connection|connection to server was lost|could not receive data|no connection to the server/,
    code: '08006',
  },
  // All that pg_dumpall says of the connection it fails to make, whatever the reason; ours was made a moment before.
  { pattern: /could not connect to database/, code: '08006' },
]

const VERSION_MISMATCH: ErrorMeaning = {
  kind: 'config',
  hint: 'The client tools are older than the server: install those of its version, or name their directory in BALLAST_PG_BIN.',
}
const BAD_CERTIFICATE: ErrorMeaning = {
  kind: 'config',
  hint: "The server's certificate does not pass sslmode: renew or correct the certificate, the host name or the root file.",
}

/** What a stock PostgreSQL tool's stderr says about the cause, for `run` and `start`. */
export const explainToolFailure: ExplainStderr = (stderr) => {
  if (/server version mismatch/.test(stderr)) return VERSION_MISMATCH
  if (/certificate verify failed|server certificate for|does not support SSL/.test(stderr)) return BAD_CERTIFICATE
  const code = CODES.find(({ pattern }) => pattern.test(stderr))?.code
  if (code === undefined) return undefined
  const meaning = meaningOfMessage(stderr, code) ?? meaningOfSqlstate(code) ?? meaningOfErrno(code)
  return meaning && { ...meaning, code }
}

/** What psql's stderr says that was started with VERBOSITY=verbose, where it prints the SQLSTATE of each error. */
export const explainPsqlFailure: ExplainStderr = (stderr) => {
  const code = / (?:ERROR|FATAL): {2}([0-9A-Z]{5}): /.exec(stderr)?.[1]
  if (code === undefined) return explainToolFailure(stderr)
  const meaning = meaningOfMessage(stderr, code) ?? meaningOfSqlstate(code)
  return { kind: 'permanent', hint: 'Read what psql wrote above: it names the cause.', ...meaning, code }
}
