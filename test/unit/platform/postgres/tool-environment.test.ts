import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveConnection } from '../../../../functions/platform/postgres/connection.ts'
import {
  connectionVariables,
  databaseArgument,
  passwordLines,
  toolEnvironment,
} from '../../../../functions/platform/postgres/tool-environment.ts'

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ballast-tool-environment-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const FILES = { directory: '/private', passfile: '/private/passwords', roots: undefined }
const resolve = (input: string) => resolveConnection(input, { HOME: work })

test('the variables are the connection and nothing else', () => {
  const settings = resolve(
    'postgresql://ana:secret@a:1,b:2/orders?sslmode=require&options=-cgeqo%3Doff&target_session_attrs=standby',
  )
  expect(connectionVariables(settings, FILES)).toEqual({
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: '/private',
    PGHOST: 'a,b',
    PGPORT: '1,2',
    PGDATABASE: 'orders',
    PGUSER: 'ana',
    PGPASSFILE: '/private/passwords',
    PGSSLMODE: 'require',
    PGSSLROOTCERT: '/private/none',
    PGSSLCERT: '/private/none',
    PGSSLKEY: '/private/none',
    PGSSLCRL: '/private/none',
    PGGSSENCMODE: 'disable',
    PGCHANNELBINDING: 'prefer',
    PGTARGETSESSIONATTRS: 'standby',
    PGCONNECT_TIMEOUT: '30',
    PGSERVICEFILE: '/private/none',
    PGSYSCONFDIR: '/private',
    PGOPTIONS: '-cgeqo=off',
  })
})

test('addresses stay beside their hosts', () => {
  const settings = resolve('host=a,b hostaddr=10.0.0.1,')
  expect(connectionVariables(settings, FILES)).toMatchObject({ PGHOST: 'a,b', PGHOSTADDR: '10.0.0.1,' })
})

test('the private files are private, hold the password, and go', async () => {
  const made = await toolEnvironment(resolve('host=h user=ana password=s:e\\\\c'), work)
  const file = made.env.PGPASSFILE ?? ''
  expect(readFileSync(file, 'utf8')).toBe('*:*:*:*:s\\:e\\\\c\n')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700)
  expect(JSON.stringify(made.env)).not.toContain('s:e')
  await made.dispose()
  expect(existsSync(join(file, '..'))).toBe(false)
  await made.dispose()
})

test('the system roots become a file that older tools can read', async () => {
  const made = await toolEnvironment(resolve('host=h sslrootcert=system'), work)
  expect(readFileSync(made.env.PGSSLROOTCERT ?? '', 'utf8')).toContain('BEGIN CERTIFICATE')
  await made.dispose()
})

test('passwords per host, a socket also under the name its libpq may use', () => {
  const settings = { ...resolve('host=/run/x,b port=1,2'), hostPasswords: ['one', 'two'] }
  expect(passwordLines(settings)).toBe('/run/x:1:*:*:one\nlocalhost:1:*:*:one\nb:2:*:*:two\n')
  expect(passwordLines(resolve('host=h'))).toBe('')
})

test('a database name cannot turn into a connection string, and a dead server is noticed', () => {
  expect(databaseArgument("a=b 'c\\d")).toBe(
    "dbname='a=b \\'c\\\\d' keepalives_idle=60 keepalives_interval=10 keepalives_count=6 tcp_user_timeout=120000",
  )
})
