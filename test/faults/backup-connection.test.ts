import { createServer } from 'node:net'
import { afterEach, beforeAll, describe, it } from 'vitest'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import { type BackupCase, type ExpectedFailure, expectFailure } from '../support/backup-case.ts'

const bench = useBackupBench('connection')

/** Roles and databases that each lack one thing, as the superuser makes them. */
const wanting = `
CREATE ROLE wanting_login NOLOGIN PASSWORD 'secret' IN ROLE pg_read_all_data;
CREATE ROLE wanting_time LOGIN PASSWORD 'secret' VALID UNTIL '2001-01-01' IN ROLE pg_read_all_data;
CREATE ROLE wanting_connections LOGIN PASSWORD 'secret' CONNECTION LIMIT 1 IN ROLE pg_read_all_data, pg_monitor;
CREATE ROLE wanting_grants LOGIN PASSWORD 'secret';
CREATE DATABASE faults_connection_closed ALLOW_CONNECTIONS false;
CREATE DATABASE faults_connection_private;
REVOKE CONNECT ON DATABASE faults_connection_private FROM PUBLIC;
CREATE DATABASE faults_connection_full CONNECTION LIMIT 0;
`

beforeAll(() => bench.sandbox.psql(bench.sandbox.primary.adminUrl(), wanting))
afterEach(() => bench.expectNoTraces())

const as = (user: string) => (): Partial<ConnectionSettings> => ({ user, password: 'secret' })
const at = (host: string, port: number) => ({ hosts: [{ host, port }] })
const inDatabase = (database: string) => (): Partial<ConnectionSettings> => ({ database })

const faults: [name: string, change: (one: BackupCase) => Partial<ConnectionSettings>, expected: ExpectedFailure][] = [
  [
    'the password is wrong',
    () => ({ password: 'not-the-password' }),
    { kind: 'config', code: '28P01', subject: /^ballast_backup@127\.0\.0\.1:\d+\/faults_connection$/, hint: /PGPASSWORD/ },
  ],
  [
    'there is no password',
    (one) => {
      const { password: _, ...rest } = one.connection
      return { ...rest, password: undefined } as unknown as Partial<ConnectionSettings>
    },
    { kind: 'config', code: 'NO_PASSWORD', hint: /DATABASE_URL|\.pgpass/ },
  ],
  ['the user does not exist', as('nobody_at_all'), { kind: 'config', code: '28P01' }],
  ['the role may not log in', as('wanting_login'), { kind: 'config', code: '28000', hint: /LOGIN/ }],
  ["the role's password has expired", as('wanting_time'), { kind: 'config', code: '28P01' }],
  [
    'the host does not exist',
    () => at('no-such-host.invalid', 5432),
    { kind: 'config', code: 'ENOTFOUND', subject: /no-such-host\.invalid/, hint: /DNS/ },
  ],
  [
    'nothing listens on the port',
    () => at('127.0.0.1', 9),
    { kind: 'transient', code: 'ECONNREFUSED', subject: /127\.0\.0\.1:9/ },
  ],
  ['the database does not exist', inDatabase('no_such_database'), { kind: 'config', code: '3D000', hint: /psql -l/ }],
  ['the database takes no connections', inDatabase('faults_connection_closed'), { kind: 'transient', code: '55000' }],
  [
    'the role may not connect to the database',
    inDatabase('faults_connection_private'),
    { kind: 'permanent', code: '42501', subject: /faults_connection_private/ },
  ],
  ['the database is at its connection limit', inDatabase('faults_connection_full'), { kind: 'transient', code: '53300' }],
  [
    'the address is that of PgBouncer',
    // In a database of the sandbox: the pooler keeps its server connection, under the name that we came with.
    (one) => ({ ...at('127.0.0.1', one.bench.sandbox.pgbouncer.port), database: 'app' }),
    { kind: 'config', code: 'POOLER', hint: /Connect to the server itself/ },
  ],
  [
    'the server asks for TLS that it does not have',
    () => ({ sslmode: 'require' }),
    { kind: 'config', code: 'TLS_NOT_OFFERED', subject: /127\.0\.0\.1/ },
  ],
  [
    'the server is not of the kind that was asked for',
    () => ({ targetSessionAttrs: 'standby' }),
    { kind: 'transient', code: 'TARGET_SESSION_ATTRS' },
  ],
  ['the role is granted nothing', as('wanting_grants'), { kind: 'permanent', code: '42501', hint: /backup-role\.sql/ }],
]

describe('a backup that cannot connect as it is told', () => {
  it.each(faults)('%s', async (_, change, expected) => {
    const one = await bench.begin()
    await one.fails(expected, { connection: { ...one.connection, ...change(one) } })
  })

  it('the role runs into its connection limit when the workers start', async () => {
    const one = await bench.begin()
    const connection = { ...one.connection, ...as('wanting_connections')() }
    const failure = await one.fails({ kind: 'transient' }, { connection })
    // pg_dumpall, where it is the first, does not say why it could not connect.
    const unsaid = { code: '08006', message: /^pg_dumpall .*could not connect to database/, hint: /server log/ }
    const said = { code: '53300', hint: /connections/ }
    expectFailure(failure, { kind: 'transient', ...(failure.subject === 'pg_dumpall' ? unsaid : said) })
  })

  it('the server accepts the connection and never says a word', async () => {
    const one = await bench.begin()
    const expected: ExpectedFailure = { kind: 'transient', code: 'ETIMEDOUT', hint: /connect_timeout/ }
    await withListener('', (port) =>
      one.fails(expected, { connection: { ...one.connection, ...at('127.0.0.1', port), connectTimeoutSeconds: 1 } }),
    )
  })

  it('something else than PostgreSQL listens on the port', async () => {
    const one = await bench.begin()
    await withListener('SSH-2.0-OpenSSH_9.2\r\n', (port) =>
      one.fails({ kind: 'config', subject: /127\.0\.0\.1/ }, { connection: { ...one.connection, ...at('127.0.0.1', port) } }),
    )
  })
})

/** A listener on a free port that says this to everybody, and nothing else. */
async function withListener(greeting: string, work: (port: number) => Promise<unknown>): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => undefined).write(greeting))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  try {
    await work(typeof address === 'object' ? (address?.port ?? 0) : 0)
  } finally {
    server.close()
  }
}
