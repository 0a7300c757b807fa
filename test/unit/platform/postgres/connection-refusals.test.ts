import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { resolveConnection } from '../../../../functions/platform/postgres/connection.ts'
import { connectionHome } from '../../../support/connection-home.ts'

const home = connectionHome()

const REFUSED: { name: string; input?: string; env?: NodeJS.ProcessEnv; message: string }[] = [
  {
    name: 'an unknown parameter',
    input: 'hots=h',
    message: 'the connection string has the unknown parameter "hots": libpq\'s nearest is "host"',
  },
  { name: 'a JDBC parameter', input: 'postgresql://h/d?sslRootCert=x', message: 'libpq\'s nearest is "sslrootcert"' },
  { name: 'an unknown parameter in a service', input: 'service=odd', message: 'service "odd" has the unknown parameter "hst"' },
  { name: 'another scheme', input: 'mysql://h/d', message: 'begins with postgresql:// or postgres://, not mysql://' },
  {
    name: 'gssencmode=require',
    input: 'gssencmode=require',
    message: '"gssencmode" of the connection string cannot be honoured',
  },
  {
    name: 'PGGSSENCMODE=require',
    env: { PGGSSENCMODE: 'require' },
    message: "PGGSSENCMODE (libpq's gssencmode) cannot be honoured",
  },
  {
    name: 'channel_binding=require',
    input: 'channel_binding=require',
    message: 'channel_binding=require of the connection string cannot be honoured',
  },
  { name: 'sslcrl', input: 'sslcrl=/x', message: '"sslcrl" of the connection string cannot be honoured' },
  { name: 'sslpassword', input: 'sslpassword=x', message: '"sslpassword"' },
  { name: 'requirepeer', env: { PGREQUIREPEER: 'postgres' }, message: 'PGREQUIREPEER' },
  { name: 'require_auth', input: 'require_auth=scram-sha-256', message: '"require_auth"' },
  { name: 'load_balance_hosts', input: 'load_balance_hosts=random', message: '"load_balance_hosts"' },
  { name: 'sslnegotiation', input: 'sslnegotiation=direct', message: 'only postgres can be' },
  { name: 'replication', input: 'replication=database', message: '"replication"' },
  { name: 'keepalives_idle', input: 'keepalives_idle=30', message: '"keepalives_idle"' },
  { name: 'another encoding', env: { PGCLIENTENCODING: 'LATIN1' }, message: 'PGCLIENTENCODING' },
  { name: 'a default revocation list', env: { HOME: 'crl' }, message: 'root.crl exists' },
  {
    name: 'an sslmode that is none',
    input: 'sslmode=no-verify',
    message: 'invalid sslmode value "no-verify" in the connection string',
  },
  {
    name: 'a weak sslmode with the system roots',
    input: 'sslmode=require sslrootcert=system',
    message: 'weak sslmode "require"',
  },
  { name: 'a wrong target_session_attrs', env: { PGTARGETSESSIONATTRS: 'leader' }, message: 'in PGTARGETSESSIONATTRS' },
  { name: 'a port that is too large', input: 'port=65536', message: 'invalid port number "65536"' },
  { name: 'a port of 0', env: { PGPORT: '0' }, message: 'invalid port number "0"' },
  { name: 'ports that do not match', input: 'host=a,b,c port=1,2', message: '2 ports do not match 3 hosts' },
  {
    name: 'addresses that do not match',
    input: 'host=a,b hostaddr=1.1.1.1',
    message: '2 hosts do not match 1 hostaddr values',
  },
  { name: 'a timeout that is no number', input: 'connect_timeout=5s', message: 'not a whole number of seconds' },
  { name: 'an abstract socket', input: 'host=@pg', message: 'abstract Unix sockets' },
  { name: 'an engine key', input: 'sslcert=/c sslkey=pkcs11:key', message: 'hardware engine' },
  {
    name: 'pairs without =',
    input: 'host=h password=two words',
    message: '"=" is missing in the connection string, after the value of "password"',
  },
  { name: 'an open quote', input: "user='ana", message: 'the quoted value of "user" has no closing quote' },
  { name: 'a bad percent sign', input: 'postgresql://u:100%@h/d', message: 'not percent-encoded' },
  { name: 'a zero byte', input: 'postgresql://h/d%00', message: 'forbidden value %00' },
  { name: 'a query without =', input: 'postgresql://h/d?user', message: 'URL query parameter 1 lacks "="' },
  {
    name: 'a query with two =',
    input: 'postgresql://h/d?user=a&options=-c a=b',
    message: 'URL query parameter 2 has more than one "="',
  },
  { name: 'an open bracket', input: 'postgresql://[::1/d', message: 'a host of the connection URL cannot be read' },
  { name: 'empty brackets', input: 'postgresql://[]/d', message: 'an IPv6 address in the connection URL is empty' },
  { name: 'a missing service', input: 'service=none', message: 'definition of service "none" not found' },
  {
    name: 'a missing service file',
    input: 'service=x',
    env: { PGSERVICEFILE: '/none' },
    message: 'service file "/none" does not exist',
  },
  { name: 'a nested service', input: 'service=nested', message: 'line 8: a service cannot name another service' },
  { name: 'a service line without =', input: 'service=bare', message: 'line 12: "=" is missing' },
  { name: 'a service by LDAP', input: 'service=ldap', message: 'LDAP is not supported' },
]

describe('what cannot be honoured is refused by name', () => {
  test.each(REFUSED)('$name', ({ input, env, message }) => {
    const HOME = env?.HOME ? join(home(), env.HOME) : home()
    expect(() => resolveConnection(input, { ...env, HOME })).toThrow(
      expect.objectContaining({ kind: 'config', message: expect.stringContaining(message), hint: expect.stringMatching(/\S/) }),
    )
  })

  test('no part of a badly written password is ever shown', () => {
    for (const input of [
      'postgresql://ana:sec/ret@h/d',
      'postgresql://ana:sec%ret@h/d',
      'host=h password=sec ret',
      'postgresql://h/d?password=sec&ret',
      "password='sec ret",
    ]) {
      expect(() => resolveConnection(input, { HOME: home() })).toThrow(
        expect.objectContaining({ message: expect.not.stringMatching(/sec|ret\b/) }),
      )
    }
  })
})
