import { execFile } from 'node:child_process'
import { chown, mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseManifest, serializeManifest } from '../../functions/archive/manifest.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import type { RestoreOptions } from '../../functions/restore/restore.ts'
import { startOwnPostgres } from '../support/own-postgres.ts'
import { type RestoreFailure, useRestoreBench } from '../support/restore-bench.ts'
import { SqlSession } from '../support/sql-session.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { until } from '../support/traces.ts'
import { onlyWork, type ToolScripts, wrapTools } from '../support/wrapped-tools.ts'

const bench = useRestoreBench('target', { size: 'large' })
const run = promisify(execFile)

afterEach(() => bench.expectNoTraces())
beforeAll(async () => {
  const { sandbox } = bench
  await sandbox.psql(sandbox.primary.adminUrl(), "CREATE ROLE restorer LOGIN PASSWORD 'secret'")
})

const sql = (database: string, script: string) => bench.sandbox.psql(bench.sandbox.primary.adminUrl(database), script)
const urlOf = (target: string) => resolveConnection(bench.sandbox.primary.adminUrl(target), {})
const early = (kind: RestoreFailure['kind'], rest: Partial<RestoreFailure> = {}): RestoreFailure => ({
  kind,
  untouched: true,
  ...rest,
})
const late = (kind: RestoreFailure['kind'], rest: Partial<RestoreFailure> = {}): RestoreFailure => ({
  kind,
  untouched: false,
  ...rest,
})

const refused: [name: string, change: (target: string) => Partial<ConnectionSettings>, expected: RestoreFailure][] = [
  ['the password is wrong', () => ({ password: 'wrong' }), early('config', { code: '28P01' })],
  ['the database does not exist', () => ({ database: 'no_such_database' }), early('config', { code: '3D000' })],
  [
    'the host does not exist',
    () => ({ hosts: [{ host: 'no-such-host.invalid', port: 5432 }] }),
    early('config', { code: 'ENOTFOUND' }),
  ],
  ['nothing listens there', () => ({ hosts: [{ host: '127.0.0.1', port: 9 }] }), early('transient', { code: 'ECONNREFUSED' })],
  [
    'it is a standby',
    () => ({ hosts: [{ host: '127.0.0.1', port: bench.sandbox.standby.port }], database: 'app' }),
    early('config', { message: /standby/, hint: /primary/ }),
  ],
  [
    'it is reached through PgBouncer',
    () => {
      const { hosts, user, password, database } = resolveConnection(bench.sandbox.pgbouncer.url('app'), {})
      return { hosts, user, database, ...(password === undefined ? {} : { password }) }
    },
    early('config', { code: 'POOLER', hint: /Connect to the server itself/ }),
  ],
]

describe('a restore that cannot begin, because', () => {
  it.each(refused)('%s', async (_, change, expected) => {
    const target = await bench.target()
    if (!expected.message?.toString().includes('standby')) {
      await bench.fails(expected, target, { target: { ...urlOf(target), ...change(target) } })
      return
    }
    await bench.sandbox.waitForStandby()
    await bench.fails(expected, target, { target: { ...urlOf(target), ...change(target) } })
  })

  it.each<[string, string]>([
    ['a table', 'CREATE TABLE mine (id int)'],
    ['a function', "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
    ['a large object', "SELECT lo_from_bytea(99, 'x')"],
    ['a type', "CREATE TYPE mine AS ENUM ('a')"],
    ['a schema', 'CREATE SCHEMA mine'],
  ])('the target already holds %s', async (_, script) => {
    const target = await bench.target()
    await sql(target, script)
    const before = await sql(target, 'SELECT count(*) FROM pg_class')
    await expect(bench.restore(target)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(/already holds .*; nothing was changed/),
      hint: expect.stringContaining('--clean'),
    })
    expect(await sql(target, 'SELECT count(*) FROM pg_class')).toBe(before)
  })

  it('the server is older than the set', async () => {
    const { store, files } = await bench.copySet()
    const path = join(files, 'manifest.json')
    const manifest = parseManifest(await readFile(path), 'any')
    await writeFile(path, serializeManifest({ ...manifest, source: { ...manifest.source, versionNum: 990_001 } }))
    await bench.fails(early('config', { message: /written for 99/, hint: /version 99/ }), await bench.target(), { store })
  })

  it('the set has a role that the server lacks', async () => {
    const other = await startOwnPostgres()
    try {
      const target = resolveConnection(other.url(), {})
      const expected = early('config', { message: /lacks the roles.*: app/, hint: /--roles.*--no-owner/ })
      await bench.fails(expected, await bench.target(), { target, roles: false })
    } finally {
      await other.stop()
    }
  })

  it('the set does not hold the table that is asked for', async () => {
    await bench.fails(early('config', { subject: /no_such_table/ }), await bench.target(), { tables: ['no_such_table'] })
  })

  it.each<[string, ToolScripts, RestoreFailure]>([
    ['pg_restore is missing', { pg_restore: undefined }, early('config', { code: 'NO_CLIENT_TOOLS' })],
    [
      'the tools are older than the server',
      { pg_dump: 'echo "pg_dump (PostgreSQL) 13.22"' },
      early('config', { code: 'NO_CLIENT_TOOLS' }),
    ],
    ['pg_restore exits 1 at once', { pg_restore: `${onlyWork}exit 1` }, { ...late('permanent', { code: 'exit 1' }) }],
  ])('%s', async (_, scripts, expected) => {
    const directory = await wrapTools(await mkdtemp(join(bench.directory, 'tools-')), bench.sandbox.pgBin, scripts)
    await bench.fails(expected, await bench.target(), { env: { BALLAST_PG_BIN: directory } })
  })
})

/** A script for pg_restore that misbehaves in one section, and is the tool itself in the others. */
const inSection = (section: string, body: string): ToolScripts => ({
  pg_restore: `${onlyWork}case " $* " in *" --section=${section} "*) ${body} ;; esac\nexec "$real" "$@"`,
})

describe('a restore that fails midway, because', () => {
  it.each<[string, ToolScripts, RestoreFailure]>([
    ['pg_restore is killed in the schema', inSection('pre-data', 'kill -KILL $$'), late('transient', { code: 'SIGKILL' })],
    ['pg_restore fails beside the rows', inSection('data', 'exit 1'), late('permanent', { code: 'exit 1' })],
    ['pg_restore fails in the indexes', inSection('post-data', 'exit 1'), late('permanent', { code: 'exit 1' })],
    ['pg_restore is killed in the indexes', inSection('post-data', 'kill -KILL $$'), late('transient', { code: 'SIGKILL' })],
  ])('%s', async (_, scripts, expected) => {
    const directory = await wrapTools(await mkdtemp(join(bench.directory, 'tools-')), bench.sandbox.pgBin, scripts)
    await bench.fails(expected, await bench.target(), { env: { BALLAST_PG_BIN: directory } })
  })

  it.each<[string, string, RestoreFailure]>([
    ['the database takes no changes', 'ALTER DATABASE :target SET default_transaction_read_only = on', late('permanent')],
    ['the role may create nothing', 'SELECT 1', late('permanent', { code: '42501' })],
  ])('%s', async (name, script, expected) => {
    const target = await bench.target()
    await sql(target, script.replace(':target', target))
    const plain = { ...urlOf(target), user: 'restorer', password: 'secret' }
    const options = name.includes('role') ? { target: plain, noOwner: true, noPrivileges: true } : {}
    await bench.fails(expected, target, options)
  })

  it.each<[string, (target: string) => Promise<unknown>, RestoreFailure]>([
    [
      'a worker is ended by an administrator',
      (target) => sql('postgres', terminating('pg_terminate_backend', target, '(rows)')),
      late('transient'),
    ],
    [
      'a COPY is cancelled by an administrator',
      (target) => sql('postgres', terminating('pg_cancel_backend', target, '(rows)')),
      late('transient', { code: '57014' }),
    ],
    [
      'the database is dropped by force',
      (target) => sql('postgres', `DROP DATABASE ${target} WITH (FORCE)`),
      late('transient'),
    ],
  ])('%s', async (_, act, expected) => {
    const target = await bench.target()
    await bench.fails(expected, target, { ...(await duringRows(target, act)) })
  })

  it.each([
    ['the connections are reset', 0],
    ['the connections are reset after some rows', 3],
  ])('%s', async (_, units) => {
    const target = await bench.target()
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: bench.sandbox.primary.port })
    try {
      let seen = 0
      const onProgress: RestoreOptions['onProgress'] = ({ phase, doneBytes }) => {
        if (phase === 'rows' && (doneBytes > 0 || units === 0)) seen += 1
        if (seen > units) proxy.cut()
      }
      const through = { ...urlOf(target), hosts: [{ host: proxy.host, port: proxy.port }] }
      await bench.fails(late('transient'), target, { target: through, onProgress })
    } finally {
      await proxy.stop()
    }
  })

  it('the server is shut down immediately', async () => {
    const other = await startOwnPostgres({ fsync: 'off' })
    try {
      const stop = (): Promise<void> => other.stop('immediate')
      const options = await duringRows('postgres', stop)
      const target = resolveConnection(other.url(), {})
      await bench.fails(late('transient'), await bench.target(), { target, noOwner: true, noPrivileges: true, ...options })
    } finally {
      await other.stop()
    }
  })

  it('the run is given up', async () => {
    const target = await bench.target()
    const stop = new AbortController()
    const onProgress: RestoreOptions['onProgress'] = ({ phase }) => phase === 'rows' && stop.abort()
    await bench.fails(late('transient'), target, { signal: stop.signal, onProgress })
  })

  it('its disk is full', async (context) => {
    const directory = await mkdtemp(join(bench.directory, 'disk-'))
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'none', directory]).catch(() => undefined)
    if (mounted === undefined) return context.skip('mounting a small disk needs root')
    // A server of its own: a standby on this machine would find the tablespace's directory taken.
    const other = await startOwnPostgres({ fsync: 'off' })
    try {
      const place = join(directory, 'space')
      await mkdir(place)
      const { uid, gid } = await stat(other.dataDirectory)
      await chown(place, uid, gid)
      const superuser = await SqlSession.open(other.url())
      await superuser.run(`CREATE TABLESPACE tiny LOCATION '${place}'`)
      await superuser.run('CREATE DATABASE tiny TABLESPACE tiny')
      await superuser.close()
      const options = { target: resolveConnection(other.url('tiny'), {}), noOwner: true, noPrivileges: true }
      await bench.fails(late('permanent', { code: '53100', hint: /space/ }), await bench.target(), options)
    } finally {
      await other.stop()
      await run('umount', [directory])
    }
  })
})

const terminating = (how: string, target: string, name: string) => `DO $$ BEGIN LOOP
  PERFORM pg_stat_clear_snapshot();
  PERFORM ${how}(pid) FROM pg_stat_activity
    WHERE datname = '${target}' AND application_name = 'ballast restore ${name}' AND state = 'active' AND query LIKE 'COPY%';
  EXIT WHEN FOUND; END LOOP; END $$`

/** Acts while the rows of a target come in: the store gives the first unit only when that is done. */
async function duringRows(target: string, act: (target: string) => Promise<unknown>): Promise<Partial<RestoreOptions>> {
  const { stored } = bench
  stored.proxy.clear()
  let acting: Promise<unknown> | undefined
  const run = async (): Promise<void> => {
    // Ending a COPY takes one that has begun, and that waits for this very unit.
    acting ??= act(target)
    await acting
  }
  stored.proxy.inject({ operation: 'GetObject', key: 'data/', fault: { type: 'meanwhile', run } })
  await until('the proxy listens', async () => stored.proxy.endpoint !== '')
  return { store: stored.store }
}
