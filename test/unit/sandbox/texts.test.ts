import { expect, test } from 'vitest'
import { accountOf } from '../../../functions/platform/postgres/server-account.ts'
import { listenSettings, serverUrl, settingsText } from '../../../functions/platform/postgres/server-files.ts'
import { pgbouncerIni } from '../../../sandbox/pgbouncer.ts'
import { sessionEnvironment } from '../../../sandbox/psql.ts'

test('a setting stands in single quotes, with its own quotes doubled', () => {
  expect(settingsText({ a: '1', log_line_prefix: "it's" })).toBe("\na = '1'\nlog_line_prefix = 'it''s'\n")
})

test('a server listens on its socket alone, or on loopback as well', () => {
  expect(listenSettings('/run/x', 'socket-only')).toMatchObject({ listen_addresses: '', unix_socket_directories: '/run/x' })
  expect(listenSettings('/run/x', { port: 7 })).toMatchObject({ listen_addresses: '127.0.0.1', port: '7' })
})

test('a URL and the session variables made from it agree on names that need escaping', () => {
  const url = serverUrl({ host: '127.0.0.1', port: 7, database: 'a b/c?', user: 'u@x', password: 'p:/@' })
  expect(sessionEnvironment(url)).toEqual({
    PGHOST: '127.0.0.1',
    PGPORT: '7',
    PGDATABASE: 'a b/c?',
    PGUSER: 'u@x',
    PGPASSWORD: 'p:/@',
  })
})

test('a socket directory goes into the URL as a parameter', () => {
  const url = serverUrl({ host: '/tmp/a b', port: 7, database: 'd', user: 'u' })
  expect(url).toBe('postgresql://u@/d?host=%2Ftmp%2Fa+b&port=7')
})

test('the first known account is taken', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\npostgres:x:101:104::/:/bin/sh\n'
  expect(accountOf(passwd, ['postgres', 'nobody'])).toEqual({ uid: 101, gid: 104 })
  expect(accountOf(passwd, ['missing', 'nobody'])).toEqual({ uid: 65534, gid: 65534 })
  expect(accountOf(passwd, ['missing'])).toBeUndefined()
})

test('PgBouncer pools transactions, and asks the database for SCRAM verifiers', () => {
  const ini = pgbouncerIni({ port: 1, primaryPort: 2 }, '/x/userlist.txt')
  for (const line of [
    'pool_mode = transaction',
    'auth_type = scram-sha-256',
    'listen_addr = 127.0.0.1',
    '* = host=127.0.0.1 port=2',
  ]) {
    expect(ini.split('\n')).toContain(line)
  }
})
