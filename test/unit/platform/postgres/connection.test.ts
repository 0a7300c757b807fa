import { mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { describeConnection, resolveConnection } from '../../../../functions/platform/postgres/connection.ts'
import { defaultSocketDirectory } from '../../../../functions/platform/postgres/connection-files.ts'
import type { ConnectionSettings } from '../../../../functions/platform/postgres/settings.ts'
import { connectionHome } from '../../../support/connection-home.ts'

const DEFAULT_HOST = defaultSocketDirectory() ?? 'localhost'
const OS_USER = userInfo().username

const home = connectionHome()

function resolve(input: string | undefined, env: NodeJS.ProcessEnv = {}): ConnectionSettings {
  return resolveConnection(input, { HOME: home(), ...env })
}

const BASE = { sslmode: 'prefer', targetSessionAttrs: 'any', connectTimeoutSeconds: 30 } as const
const ana = { user: 'ana', database: 'orders' }
const at = (host: string, port = 5432): ConnectionSettings['hosts'][number] => ({ host, port })

interface Row {
  name: string
  input?: string
  env?: NodeJS.ProcessEnv
  expected: Partial<ConnectionSettings>
}

const RESOLVED: Row[] = [
  { name: 'nothing at all', expected: { hosts: [at(DEFAULT_HOST)], user: OS_USER, database: OS_USER } },
  { name: 'an empty string', input: '', expected: { hosts: [at(DEFAULT_HOST)], user: OS_USER, database: OS_USER } },
  { name: 'a bare database name', input: 'orders', expected: { database: 'orders', user: OS_USER } },
  {
    name: 'a whole URL',
    input: 'postgresql://ana:pw@h:5433/orders',
    expected: { ...ana, hosts: [at('h', 5433)], password: 'pw' },
  },
  { name: 'the short scheme', input: 'postgres://ana@h/orders', expected: { ...ana, hosts: [at('h')] } },
  { name: 'a URL without anything', input: 'postgresql://', expected: { hosts: [at(DEFAULT_HOST)], database: OS_USER } },
  { name: 'a URL with a user alone', input: 'postgresql://ana@', expected: { user: 'ana', database: 'ana' } },
  { name: 'a URL with a port alone', input: 'postgresql://:5433/orders', expected: { hosts: [at(DEFAULT_HOST, 5433)] } },
  { name: 'a URL with a database alone', input: 'postgresql:///orders', expected: { database: 'orders' } },
  {
    name: 'percent-encoding in every part',
    input: 'postgresql://a%40b:p%3A%2F%25@h%2Dx/d%20b?application_name=a%26b',
    expected: { user: 'a@b', password: 'p:/%', hosts: [at('h-x')], database: 'd b', applicationName: 'a&b' },
  },
  { name: 'a plus sign stays', input: 'postgresql://a+b@h/d+b', expected: { user: 'a+b', database: 'd+b' } },
  { name: 'an encoded socket directory', input: 'postgresql://%2Frun%2Fpg/orders', expected: { hosts: [at('/run/pg')] } },
  {
    name: 'a socket directory in the query',
    input: 'postgresql:///orders?host=/run/pg&port=5434',
    expected: { hosts: [at('/run/pg', 5434)], database: 'orders' },
  },
  {
    name: 'a query before any path',
    input: 'postgresql://h?dbname=orders',
    expected: { hosts: [at('h')], database: 'orders' },
  },
  {
    name: 'the query goes before the URL',
    input: 'postgresql://h/x?host=y&dbname=z',
    expected: { hosts: [at('y')], database: 'z' },
  },
  { name: 'the later of two', input: 'postgresql://h/d?user=x&user=y', expected: { user: 'y' } },
  { name: 'IPv6', input: 'postgresql://[::1]:5433/d', expected: { hosts: [at('::1', 5433)] } },
  {
    name: 'several hosts',
    input: 'postgresql://a:1,b:2,[::1]:3/d',
    expected: { hosts: [at('a', 1), at('b', 2), at('::1', 3)] },
  },
  { name: 'several hosts, some without port', input: 'postgresql://a,b:2/d', expected: { hosts: [at('a'), at('b', 2)] } },
  {
    name: 'several hosts, one port in the query',
    input: 'postgresql://a,b/d?port=7',
    expected: { hosts: [at('a', 7), at('b', 7)] },
  },
  { name: 'an empty host in a list', input: 'postgresql://a,/d', expected: { hosts: [at('a'), at(DEFAULT_HOST)] } },
  { name: 'ssl=true as JDBC has it', input: 'postgresql://h/d?ssl=true', expected: { sslmode: 'require' } },
  { name: 'a question mark in a password', input: 'postgresql://u:a?b@h/d', expected: { password: 'a?b', hosts: [at('h')] } },
  { name: 'a slash in the database', input: 'postgresql://h/a/b', expected: { database: 'a/b' } },
  { name: 'an empty password in a URL', input: 'postgresql://star:@h/d', expected: { password: 'starred' } },
  { name: 'options', input: 'postgresql://h/d?options=-c%20geqo%3Doff', expected: { options: '-c geqo=off' } },
  { name: 'pairs', input: 'host=h port=5433 dbname=orders user=ana', expected: { ...ana, hosts: [at('h', 5433)] } },
  { name: 'pairs with blanks around =', input: ' host = h  user= ana dbname =orders ', expected: { ...ana, hosts: [at('h')] } },
  { name: 'quoted values', input: "user='a b' password='it\\'s \\\\'", expected: { user: 'a b', password: "it's \\" } },
  { name: 'an escape without quotes', input: 'user=a\\ b', expected: { user: 'a b' } },
  { name: 'a quote inside a bare value', input: "user=o'neil", expected: { user: "o'neil" } },
  { name: 'an empty quoted value', input: "user=ana dbname=''", expected: { user: 'ana', database: 'ana' } },
  { name: 'a line break between pairs', input: 'host=h\nuser=ana', expected: { user: 'ana', hosts: [at('h')] } },
  { name: 'several hosts in pairs', input: 'host=a,b port=1,2', expected: { hosts: [at('a', 1), at('b', 2)] } },
  { name: 'hostaddr alone', input: 'hostaddr=10.0.0.1', expected: { hosts: [{ ...at('10.0.0.1'), hostaddr: '10.0.0.1' }] } },
  {
    name: 'host with hostaddr',
    input: 'host=h hostaddr=10.0.0.1',
    expected: { hosts: [{ ...at('h'), hostaddr: '10.0.0.1' }] },
  },
  { name: 'PGHOST and PGPORT', env: { PGHOST: 'h', PGPORT: '7' }, expected: { hosts: [at('h', 7)] } },
  { name: 'PGUSER and PGDATABASE', env: { PGUSER: 'ana', PGDATABASE: 'orders' }, expected: ana },
  { name: 'PGUSER names the database too', env: { PGUSER: 'ana' }, expected: { user: 'ana', database: 'ana' } },
  { name: 'PGPASSWORD', env: { PGPASSWORD: 'pw' }, expected: { password: 'pw' } },
  {
    name: 'the string before the variables',
    input: 'host=h',
    env: { PGHOST: 'no', PGPORT: '7' },
    expected: { hosts: [at('h', 7)] },
  },
  { name: 'an empty host hides PGHOST', input: "host=''", env: { PGHOST: 'no' }, expected: { hosts: [at(DEFAULT_HOST)] } },
  { name: 'PGSSLMODE', env: { PGSSLMODE: 'verify-full' }, expected: { sslmode: 'verify-full' } },
  { name: 'PGREQUIRESSL', env: { PGREQUIRESSL: '1' }, expected: { sslmode: 'require' } },
  { name: 'PGREQUIRESSL below PGSSLMODE', env: { PGREQUIRESSL: '1', PGSSLMODE: 'disable' }, expected: { sslmode: 'disable' } },
  {
    name: 'certificate variables',
    env: { PGSSLROOTCERT: '/r', PGSSLCERT: '/c', PGSSLKEY: '/k' },
    expected: { sslrootcert: '/r', sslcert: '/c', sslkey: '/k' },
  },
  {
    name: 'sslrootcert=system verifies',
    env: { PGSSLROOTCERT: 'system' },
    expected: { sslmode: 'verify-full', sslrootcert: 'system' },
  },
  { name: 'PGCONNECT_TIMEOUT', env: { PGCONNECT_TIMEOUT: '12' }, expected: { connectTimeoutSeconds: 12 } },
  { name: 'a timeout of 1 becomes 2', input: 'connect_timeout=1', expected: { connectTimeoutSeconds: 2 } },
  { name: 'a timeout of 0 is none', input: 'connect_timeout=0', expected: { connectTimeoutSeconds: 0 } },
  {
    name: 'PGTARGETSESSIONATTRS',
    env: { PGTARGETSESSIONATTRS: 'prefer-standby' },
    expected: { targetSessionAttrs: 'prefer-standby' },
  },
  { name: 'PGOPTIONS', env: { PGOPTIONS: '-c geqo=off' }, expected: { options: '-c geqo=off' } },
  { name: 'PGAPPNAME', env: { PGAPPNAME: 'nightly' }, expected: { applicationName: 'nightly' } },
  { name: 'channel_binding=disable', input: 'channel_binding=disable', expected: { channelBinding: 'disable' } },
  { name: 'settings that change nothing', input: 'gssencmode=disable sslcompression=0 channel_binding=prefer', expected: {} },
  {
    name: 'a service',
    input: 'service=orders',
    expected: { hosts: [at('svc.example', 6000)], database: 'orders' },
  },
  { name: 'PGSERVICE', env: { PGSERVICE: 'orders' }, expected: { hosts: [at('svc.example', 6000)] } },
  {
    name: 'the service before the variables',
    input: 'service=orders',
    env: { PGHOST: 'no' },
    expected: { database: 'orders' },
  },
  {
    name: 'the string before the service',
    input: 'postgresql:///x?service=orders',
    expected: { hosts: [at('svc.example', 6000)], database: 'x' },
  },
  { name: 'the password file', input: 'host=db.example dbname=orders user=ana', expected: { password: 'from-file' } },
  {
    name: 'its first matching line',
    input: 'host=db.example port=7 dbname=orders user=ana',
    expected: { password: 'any-port' },
  },
  { name: 'its wildcards', input: 'host=anything user=star', expected: { password: 'starred' } },
  {
    name: 'localhost for the default socket',
    input: `host=${DEFAULT_HOST} user=socket`,
    expected: { password: 'over-socket' },
  },
  { name: 'another socket by its path', input: 'host=/run/other user=socket', expected: { password: 'other-socket' } },
  { name: 'its escapes', input: "host=a:b user='odd\\\\user'", expected: { password: 'p:w\\d' } },
  {
    name: 'one password per host',
    input: 'host=one,two,none user=multi',
    expected: { hostPasswords: ['first', 'second', undefined] },
  },
  { name: 'the same password for all hosts', input: 'host=a,b user=star', expected: { password: 'starred' } },
]

describe('a connection is resolved as libpq would', () => {
  test.each(RESOLVED)('$name', ({ input, env, expected }) => {
    expect(resolve(input, env)).toMatchObject(expected)
  })

  test('the whole of a plain one', () => {
    expect(resolve('postgresql://ana@h/orders')).toEqual({ ...BASE, ...ana, hosts: [at('h')] })
  })

  test('no password where no line matches', () => {
    expect(resolve('host=db.example user=nobody')).not.toHaveProperty('password')
  })

  test('default certificate files count where they exist', () => {
    const directory = join(home(), 'tls', '.postgresql')
    expect(resolve('host=h', { HOME: join(home(), 'tls') })).toMatchObject({
      sslmode: 'prefer',
      sslrootcert: join(directory, 'root.crt'),
      sslcert: join(directory, 'postgresql.crt'),
      sslkey: join(directory, 'postgresql.key'),
    })
  })

  test('a named service file', () => {
    const file = join(home(), 'other.conf')
    writeFileSync(file, '[mine]\nhost=elsewhere\n')
    expect(resolve('service=mine', { PGSERVICEFILE: file }).hosts).toEqual([at('elsewhere')])
  })

  test('the system-wide service file, when the own one lacks the service', () => {
    const directory = join(home(), 'etc')
    mkdirSync(directory)
    writeFileSync(join(directory, 'pg_service.conf'), '[shared]\nhost=everybodys\n')
    expect(resolve('service=shared', { PGSYSCONFDIR: directory }).hosts).toEqual([at('everybodys')])
  })

  test('a named password file, also below a directory that is no file', () => {
    const file = join(home(), 'passwords')
    writeFileSync(file, '*:*:*:*:named', { mode: 0o600 })
    expect(resolve('host=h', { PGPASSFILE: file }).password).toBe('named')
    expect(resolve('host=h user=star', { PGPASSFILE: home() })).not.toHaveProperty('password')
  })

  test('overrides are applied before the password is looked up', () => {
    const settings = resolveConnection('host=db.example dbname=x user=y', { HOME: home() }, ana)
    expect(settings).toMatchObject({ ...ana, password: 'from-file' })
  })

  test('a password file that others may read only matters when it would be used', () => {
    const env = { HOME: join(home(), 'loose') }
    expect(resolve('host=h user=ana', env)).not.toHaveProperty('password')
    expect(() => resolve('host=h user=star', env)).toThrow('may be read by others')
  })
})

test('a described connection holds no password', () => {
  const settings = resolve('postgresql://ana:secret@a:1,[::1]:2/orders')
  expect(describeConnection(settings)).toBe('ana@a:1,[::1]:2/orders')
})
