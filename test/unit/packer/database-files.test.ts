import { beforeAll, describe, expect, test } from 'vitest'
import type { Cluster } from '../../../config/index.ts'
import { databaseFiles } from '../../../packer/files/database.ts'
import { referenceCluster, sampleCluster } from '../../support/definitions.ts'
import type { Changes } from '../config/sample.ts'

let reference: Cluster
beforeAll(async () => {
  reference = await referenceCluster()
})

function contentOf(cluster: Cluster, end: string): string {
  const found = databaseFiles(cluster, 'primary').filter(({ path }) => path.endsWith(end))
  expect(found).toHaveLength(1)
  return found[0]?.content ?? ''
}

const own = (changes: Changes, end: string): string => contentOf(sampleCluster(changes), end)
const pgdg = (version: number): Changes => ({ 'postgres.packages': 'pgdg', 'postgres.version': version })

test('a docker node has none of it, and a replica has what a primary has', () => {
  expect(databaseFiles(reference, 'docker')).toEqual([])
  expect(databaseFiles(reference, 'replica')).toEqual(databaseFiles(reference, 'primary'))
})

describe('20-definition.conf', () => {
  test('settings of the definition take the place of what it would have said', () => {
    const lines = own({ 'postgres.settings': { timezone: 'Etc/UTC', log_lock_waits: 'off' } }, '20-definition.conf').split('\n')
    expect(lines.filter((line) => /^(timezone|log_lock_waits) /.test(line))).toEqual([
      "log_lock_waits = 'off'",
      "timezone = 'Etc/UTC'",
    ])
  })

  test('what is reserved for Ballast is kept for it where the version can', () => {
    expect(own({}, '20-definition.conf')).toMatch(/^superuser_reserved_connections = '3'\nreserved_connections = '12'$/m)
    expect(own(pgdg(15), '20-definition.conf')).not.toContain('\nreserved_connections')
  })

  test('libraries are loaded where a setting or an extension needs them', () => {
    const libraries = (changes: Changes) => /^shared_preload_libraries = '(.*)'$/m.exec(own(changes, '20-definition.conf'))?.[1]
    expect(libraries({})).toBe('pg_stat_statements')
    expect(
      libraries({ 'postgres.settings': { 'auto_explain.log_min_duration': '2s' }, 'databases[0].extensions': ['pgaudit'] }),
    ).toBe('pg_stat_statements,auto_explain,pgaudit')
  })

  test.each([
    ['off', 'on'],
    ['remote_write', 'remote_write'],
    ['on', 'on'],
  ])('synchronous mode %s commits with %s', (mode, commit) => {
    expect(own({ 'postgres.synchronous': { mode } }, '20-definition.conf')).toContain(`synchronous_commit = '${commit}'`)
  })
})

describe('pg_hba.conf', () => {
  test('nobody is trusted, and nobody comes over a network without TLS', () => {
    const lines = contentOf(reference, 'pg_hba.conf')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(lines.filter((line) => !/^(local|hostssl) /.test(line))).toEqual([])
    expect(lines.filter((line) => !/ (peer|scram-sha-256|reject)( map=ballast)?$/.test(line))).toEqual([])
  })

  test('networks are those of the firewall, in both families', () => {
    const text = contentOf(reference, 'pg_hba.conf')
    for (const { text: network } of reference.firewall.admin)
      expect(text).toContain(`hostssl all all ${network} scram-sha-256\n`)
    for (const { text: network } of reference.firewall.replica) {
      expect(text).toContain(`hostssl replication "ballast_replication" ${network} scram-sha-256\n`)
    }
    for (const { text: network } of reference.firewall.app) expect(text).not.toContain(network)
  })

  test('an account without a password belongs to the user that runs Ballast', () => {
    expect(own({}, 'pg_hba.conf')).toContain('local all "ballast_backup" peer map=ballast\n')
    expect(own({}, 'pg_ident.conf')).toContain('ballast ballast "ballast_backup"\nballast ballast "ballast_monitor"\n')
    expect(contentOf(reference, 'pg_hba.conf')).not.toContain('map=ballast')
  })
})

describe('pgbouncer.ini', () => {
  test.each([
    ['1.18.0', false, false],
    ['1.19.0', true, false],
    ['1.21.0', true, true],
    ['1.24.1', true, true],
  ])('%s gets no option that it does not know', (version, lookup, prepared) => {
    const text = own({ ...pgdg(17), 'pgbouncer.version': version }, 'pgbouncer.ini')
    expect(text.includes('auth_dbname')).toBe(lookup)
    expect(text.includes('max_prepared_statements')).toBe(prepared)
  })

  test('all pools together, and looking up logins, leave the superuser his connections', () => {
    const tight = {
      ...{ 'postgres.maxConnections': 60, 'postgres.reservedConnections': 5 },
      'backup.fanOut': { connections: 3 },
    }
    const pool = { size: 25, reserve: 2, users: 1 }
    const text = own({ ...tight, databases: [1, 2].map((n) => ({ name: `d${n}`, owner: 'o', pool })) }, 'pgbouncer.ini')
    const most = [...text.matchAll(/max_db_connections=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
    const lookups = Number(/^postgres = .* pool_size=(\d+)$/m.exec(text)?.[1])
    expect(most + lookups).toBeLessThanOrEqual(60 - 3)
  })

  test('it is of the definition, whose own options come last', () => {
    expect(contentOf(reference, 'pgbouncer.ini')).toMatchSnapshot()
  })
})

describe('first-boot.sql', () => {
  test('roles are made once, whatever they are for', () => {
    const shared = { 'accounts.monitor.user': 'watcher', 'accounts.backup.user': 'watcher', 'databases[0].owner': 'watcher' }
    expect(own(shared, 'first-boot.sql').match(/CREATE ROLE "watcher"/g)).toHaveLength(1)
  })

  test('what a version does not know is left out, and what it leaves open is closed', () => {
    expect(own(pgdg(14), 'first-boot.sql')).toContain('REVOKE CREATE ON SCHEMA public FROM PUBLIC')
    expect(own(pgdg(14), 'first-boot.sql')).not.toContain('pg_use_reserved_connections')
    expect(own({}, 'first-boot.sql')).not.toContain('REVOKE CREATE')
    expect(own({}, 'first-boot.sql')).toContain('GRANT pg_use_reserved_connections')
  })

  test('an older PgBouncer finds its function in every database to come', () => {
    const text = own({ ...pgdg(17), 'pgbouncer.version': '1.18.0' }, 'first-boot.sql')
    expect(text.match(/CREATE FUNCTION ballast\.pooler_login/g)).toHaveLength(2)
    expect(text.indexOf('\\connect template1')).toBeLessThan(text.indexOf('CREATE DATABASE "shop"'))
    expect(own({}, 'first-boot.sql').match(/CREATE FUNCTION ballast\.pooler_login/g)).toHaveLength(1)
  })

  test('a replica may be paused by backups, and let go on by the monitor, where the definition names one', () => {
    const accounts = { 'accounts.backup.user': 'keeper', 'accounts.monitor.user': 'watcher' }
    const text = own({ ...accounts, 'backup.fanOut.pauseReplica': 'db-2' }, 'first-boot.sql')
    const [pause, resume] = ['pg_catalog.pg_wal_replay_pause()', 'pg_catalog.pg_wal_replay_resume()']
    expect(text.match(/^.*replay.*$/gm)).toEqual([
      `GRANT EXECUTE ON FUNCTION ${pause}, ${resume} TO "keeper";`,
      `GRANT EXECUTE ON FUNCTION ${resume} TO "watcher";`,
    ])
    // Rights on functions are those of one database, and they are asked for in postgres.
    expect(text.indexOf('pg_wal_replay_pause')).toBeLessThan(text.indexOf('\\connect'))
    expect(own(accounts, 'first-boot.sql')).not.toContain('replay')
  })

  test('it holds no password', () => {
    expect(contentOf(reference, 'first-boot.sql')).not.toMatch(/\bPASSWORD '/)
  })
})

describe('pgBackRest', () => {
  test('without backup.pitr nothing is archived, and there is no repository', () => {
    expect(own({}, '20-definition.conf')).toContain("archive_mode = 'off'\n")
    const paths = databaseFiles(sampleCluster(), 'primary').map(({ path }) => path)
    expect(paths.filter((path) => /pgbackrest|full-backup/.test(path))).toEqual([])
  })

  test('with it, WAL goes to the store that it names, by the schedule that it has', () => {
    expect(contentOf(reference, 'pgbackrest.conf')).toMatchSnapshot()
    expect(contentOf(reference, 'ballast-full-backup.timer')).toContain('OnCalendar=Sun *-*-* 01:00:00 America/Sao_Paulo\n')
    expect(contentOf(reference, '20-definition.conf')).toContain("archive_command = 'pgbackrest --stanza=shop archive-push %p'")
  })

  test("a store that is not Amazon's has its own address, and keys of its own are in no file of the image", () => {
    const store = { 'backup.stores[0].endpoint': 'https://s3.example.com:9000', 'backup.pitr': { store: 'main' } }
    const credentials = { accessKeyId: { env: 'ID' }, secretAccessKey: { env: 'KEY' } }
    const text = own({ ...store, 'backup.stores[0].credentials': credentials }, 'pgbackrest.conf')
    expect(text).toMatch(
      /^repo1-s3-endpoint=s3\.example\.com\nrepo1-storage-port=9000\nrepo1-s3-uri-style=path\nrepo1-s3-key-type=shared$/m,
    )
    expect(text).not.toMatch(/repo1-s3-key(-secret)?=/)
  })
})
