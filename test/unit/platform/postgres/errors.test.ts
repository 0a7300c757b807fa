import { describe, expect, test } from 'vitest'
import { Failure } from '../../../../functions/platform/failure.ts'
import { postgresFailure } from '../../../../functions/platform/postgres/errors.ts'
import { explainToolFailure } from '../../../../functions/platform/postgres/tool-failure.ts'

const error = (message: string, code?: string, detail?: string): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code }, detail === undefined ? {} : { detail })

describe('a server or socket error becomes a Failure', () => {
  test.each([
    ['28P01', 'password authentication failed for user "ana"', 'config', /password/],
    ['28000', 'no pg_hba.conf entry for host "10.0.0.1", no encryption', 'config', /pg_hba\.conf/],
    ['3D000', 'database "x" does not exist', 'config', /psql -l/],
    ['42501', 'permission denied for table t', 'permanent', /GRANT/],
    ['40001', 'canceling statement due to conflict with recovery', 'transient', /max_standby_streaming_delay/],
    ['57014', 'canceling statement due to conflict with recovery', 'transient', /hot_standby_feedback/],
    ['57014', 'canceling statement due to statement timeout', 'transient', /statement_timeout/],
    ['57014', 'canceling statement due to user request', 'transient', /cancelled/],
    ['57P01', 'terminating connection due to administrator command', 'transient', /restarted/],
    ['57P03', 'the database system is starting up', 'transient', /wait/],
    ['57P04', 'the database was dropped', 'permanent', /dropped/],
    ['55P03', 'could not obtain lock on relation "t"', 'transient', /pg_locks/],
    ['53300', 'sorry, too many clients already', 'transient', /max_connections/],
    ['53100', 'could not extend file', 'permanent', /space/],
    ['08006', 'connection failure', 'transient', /network/],
    ['08P01', 'unsupported startup parameter: options', 'config', /PgBouncer/],
    ['22023', 'invalid snapshot identifier: "x"', 'transient', /snapshot/],
    ['25P03', 'terminating connection due to idle-in-transaction timeout', 'config', /idle_in_transaction_session_timeout/],
    ['XX001', 'invalid page in block 3', 'permanent', /pg_amcheck/],
    ['42601', 'syntax error', 'bug', /defect/],
    ['22012', 'division by zero', 'permanent', /server log/],
    ['ECONNREFUSED', 'connect ECONNREFUSED', 'transient', /listens/],
    ['ENOENT', 'connect ENOENT /run/.s.PGSQL.5432', 'transient', /socket/],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND nowhere', 'config', /DNS/],
    ['ETIMEDOUT', 'connect ETIMEDOUT', 'transient', /firewall/],
  ])('%s %s: %s', (code, message, kind, hint) => {
    const failure = postgresFailure(error(message, code), 'orders')
    expect(failure).toMatchObject({ kind, code, message, subject: 'orders', hint: expect.stringMatching(hint) })
  })

  test('a lost connection has no code', () => {
    expect(postgresFailure(error('Connection terminated unexpectedly'), 'x').kind).toBe('transient')
  })

  test('the first of several attempts speaks', () => {
    const several = new AggregateError([error('connect ECONNREFUSED ::1', 'ECONNREFUSED'), error('other')], 'all failed')
    expect(postgresFailure(several, 'x')).toMatchObject({ kind: 'transient', code: 'ECONNREFUSED' })
  })

  test('a Failure stays itself', () => {
    const failure = new Failure('x', { kind: 'bug', subject: 's', hint: 'h' })
    expect(postgresFailure(failure, 'other')).toBe(failure)
  })

  test('values of rows in a detail are not repeated', () => {
    const failure = postgresFailure(error('duplicate key', '23505', 'Key (email)=(ana@example.com) exists.'), 'x')
    expect(failure.message).toBe('duplicate key')
  })

  test('words of a table do not pass for the words of the server', () => {
    const failure = postgresFailure(error('permission denied for table "due to conflict with recovery"', '42501'), 'x')
    expect(failure.kind).toBe('permanent')
  })
})

describe("a stock tool's words are explained", () => {
  test.each([
    ['pg_dump: error: query failed: ERROR:  canceling statement due to conflict with recovery', 'transient', '40001'],
    ['connection to server at "h", port 5432 failed: FATAL:  password authentication failed for user "ana"', 'config', '28000'],
    ['connection to server at "h" failed: FATAL:  database "x" does not exist', 'config', '3D000'],
    ['pg_dump: error: query failed: ERROR:  permission denied for table t', 'permanent', '42501'],
    ['pg_dump: error: query failed: server closed the connection unexpectedly', 'transient', '08006'],
    ['pg_dumpall: error: could not connect to database "postgres"', 'transient', '08006'],
    ['connection to server on socket "/s" failed: No such file or directory', 'transient', 'ENOENT'],
    ['FATAL:  cannot connect to invalid database "x"', 'transient', '55000'],
    ['FATAL:  terminating connection due to administrator command', 'transient', '57P01'],
    ['connection to server at "h", port 1 failed: Connection refused', 'transient', 'ECONNREFUSED'],
    ['pg_dump: error: could not write to file: No space left on device', 'permanent', '53100'],
    ['ERROR:  invalid snapshot identifier: "00000003-1"', 'transient', '22023'],
    ['pg_dump: error: aborting because of server version mismatch', 'config', undefined],
    ['SSL error: certificate verify failed', 'config', undefined],
  ])('%s', (stderr, kind, code) => {
    expect(explainToolFailure(stderr)).toMatchObject(code === undefined ? { kind } : { kind, code })
  })

  test('unknown words explain nothing', () => {
    expect(explainToolFailure('pg_dump: error: something new')).toBeUndefined()
  })
})
