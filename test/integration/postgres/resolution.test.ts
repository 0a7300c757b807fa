import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { databaseArgument, toolEnvironment } from '../../../functions/platform/postgres/tool-environment.ts'
import { type OwnPostgres, startOwnPostgres } from '../../support/own-postgres.ts'
import { askPsql } from '../../support/stock-psql.ts'

/** Where a session ended, and as whom. */
const WHERE = `SELECT pg_catalog.concat_ws('|', current_user, current_database(), COALESCE(pg_catalog.host(inet_server_addr()), 'socket'),
  current_setting('port'), current_setting('geqo'), current_setting('application_name') = 'nightly') AS answer`

const HBA = [
  'local all ana scram-sha-256',
  'host all ana 127.0.0.1/32 scram-sha-256',
  'local all all trust',
  'host all all 127.0.0.1/32 trust',
]

let home: string
let server: OwnPostgres
/** Replaces what is only known once the server runs: %PORT, %SOCKET, and %ENC for the socket's path in a URL. */
let fill: (text: string) => string

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ballast-resolution-'))
  server = await startOwnPostgres({ password_encryption: 'scram-sha-256' }, HBA)
  const encoded = encodeURIComponent(server.socketDirectory)
  fill = (text) =>
    text.replaceAll('%PORT', String(server.port)).replaceAll('%SOCKET', server.socketDirectory).replaceAll('%ENC', encoded)
  for (const sql of [
    `CREATE ROLE ana LOGIN PASSWORD 'p:w\\d'`,
    'CREATE ROLE "odd user:@/" LOGIN SUPERUSER',
    'CREATE DATABASE orders',
    `CREATE DATABASE "odd =na'me\\"`,
    'CREATE DATABASE "postgresql://trap"',
  ]) {
    const made = await askPsql(server.psql, server.url(), sql, {})
    if (!made.ok) throw new Error(made.error)
  }
  writeFileSync(join(home, '.pgpass'), `127.0.0.1:${server.port}:orders:ana:p\\:w\\\\d\n`, { mode: 0o600 })
  writeFileSync(join(home, 'wrong'), '*:*:*:*:wrong\n', { mode: 0o600 })
  writeFileSync(join(home, 'any'), '*:*:*:*:p\\:w\\\\d\n', { mode: 0o600 })
  writeFileSync(
    join(home, '.pg_service.conf'),
    fill('[orders]\nhost=127.0.0.1\nport=%PORT\ndbname=orders\nuser=postgres\noptions=-c geqo=off\n'),
  )
}, 120_000)

afterAll(async () => {
  await server?.stop()
  rmSync(home, { recursive: true, force: true })
})

async function outcomes(input: string, env: Record<string, string>): Promise<{ ours: string; psql: string; tool: string }> {
  const all = { HOME: home, ...env }
  const stock = await askPsql(server.psql, input, WHERE, all)
  const settings = resolveConnection(input, all)
  const ours = await openSession({ ...settings, applicationName: settings.applicationName ?? 'psql' }).then(
    async (session) => {
      const [row] = await session.query<{ answer: string }>(WHERE)
      await session.close()
      return row?.answer ?? 'nothing'
    },
    () => 'refused',
  )
  const made = await toolEnvironment(settings, home)
  const tool = await askPsql(server.psql, databaseArgument(settings.database), WHERE, made.env)
  await made.dispose()
  return { ours, psql: stock.ok ? stock.text : 'refused', tool: tool.ok ? tool.text : 'refused' }
}

describe('our sessions and the stock tools end where psql ends', () => {
  test.each([
    { input: 'postgresql://postgres@127.0.0.1:%PORT/orders' },
    { input: 'postgres://postgres@127.0.0.1:%PORT' },
    { input: 'postgresql://odd%20user%3A%40%2F@127.0.0.1:%PORT/odd%20%3Dna%27me%5C' },
    { input: "host=127.0.0.1 port=%PORT user='odd user:@/' dbname='odd =na\\'me\\\\'" },
    { input: 'host=127.0.0.1 port=%PORT user=postgres dbname=postgresql://trap' },
    { input: 'postgresql://postgres@%ENC:%PORT/orders' },
    { input: 'postgresql:///orders?host=%SOCKET&port=%PORT&user=postgres' },
    { input: 'host=%SOCKET port=%PORT user=postgres dbname=orders' },
    { input: 'dbname=orders', env: { PGHOST: '%SOCKET', PGPORT: '%PORT', PGUSER: 'postgres' } },
    {
      input: '',
      env: { PGHOST: '127.0.0.1', PGPORT: '%PORT', PGUSER: 'postgres', PGDATABASE: 'orders', PGAPPNAME: 'nightly' },
    },
    { input: 'orders', env: { PGHOST: '127.0.0.1', PGPORT: '%PORT', PGUSER: 'postgres' } },
    { input: 'service=orders' },
    { input: 'service=orders dbname=postgres', env: { PGHOST: '10.255.255.1', PGDATABASE: 'template1' } },
    { input: 'postgresql:///?service=orders&application_name=nightly' },
    { input: '', env: { PGSERVICE: 'orders', PGUSER: 'nobody' } },
    { input: 'postgresql://postgres@127.0.0.1:%PORT/orders?options=-c%20geqo%3Doff' },
    { input: 'host=127.0.0.1 port=%PORT user=postgres dbname=orders', env: { PGOPTIONS: '-c geqo=off' } },
    { input: 'host=nowhere.invalid hostaddr=127.0.0.1 port=%PORT user=postgres dbname=orders' },
    { input: 'postgresql://postgres@127.0.0.1:1,127.0.0.1:%PORT/orders' },
    { input: 'postgresql://postgres@nowhere.invalid,localhost/orders?port=%PORT' },
    { input: 'host=/nowhere,%SOCKET port=%PORT user=postgres dbname=orders' },
    { input: 'postgresql://ana:p%3Aw%5Cd@127.0.0.1:%PORT/orders' },
    { input: 'postgresql://ana@127.0.0.1:%PORT/orders' },
    { input: 'postgresql://ana@127.0.0.1:%PORT/postgres' },
    { input: 'postgresql://ana@127.0.0.1:%PORT/orders', env: { PGPASSWORD: 'wrong' } },
    { input: 'postgresql://ana@127.0.0.1:%PORT/postgres', env: { PGPASSWORD: 'p:w\\d' } },
    { input: 'postgresql://ana:@127.0.0.1:%PORT/orders' },
    { input: 'host=%SOCKET port=%PORT user=ana dbname=orders passfile=HOME/any' },
    { input: 'host=127.0.0.1 port=%PORT user=ana dbname=orders', env: { PGPASSFILE: 'HOME/wrong' } },
    { input: 'host=127.0.0.1 port=%PORT user=nobody dbname=orders' },
    { input: 'host=127.0.0.1 port=%PORT user=postgres dbname=nothing' },
    { input: 'host=127.0.0.1 port=%PORT user=ana dbname=orders password=wrong' },
    { input: 'host=127.0.0.1,127.0.0.1 port=%PORT user=nobody,postgres dbname=orders' },
  ] satisfies { input: string; env?: Record<string, string> }[])('$input $env', async ({ input, env = {} }) => {
    const here = (text: string): string => fill(text).replaceAll('HOME', home)
    const filled = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, here(value)]))
    const { ours, psql, tool } = await outcomes(here(input), filled)
    expect({ ours, tool }).toEqual({ ours: psql, tool: psql })
  })

  test('some of them are let in and some are not', async () => {
    const fine = await outcomes(fill('service=orders'), {})
    expect(fine.psql).toBe(`postgres|orders|127.0.0.1|${server.port}|off|f`)
    expect((await outcomes(fill('host=%SOCKET port=%PORT user=ana'), {})).psql).toBe('refused')
  })

  test('a password file that others may read is ignored by psql, and refused by us with the command that helps', async () => {
    const passfile = join(home, 'loose')
    writeFileSync(passfile, '*:*:*:*:p\\:w\\\\d\n')
    chmodSync(passfile, 0o640)
    const input = fill('postgresql://ana@127.0.0.1:%PORT/orders')
    expect((await askPsql(server.psql, input, WHERE, { HOME: home, PGPASSFILE: passfile })).ok).toBe(false)
    expect(() => resolveConnection(input, { HOME: home, PGPASSFILE: passfile })).toThrow(
      expect.objectContaining({ hint: `Run: chmod 0600 ${passfile}` }),
    )
  })
})
