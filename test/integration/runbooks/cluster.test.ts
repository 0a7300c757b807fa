import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { olderThan } from '../../../config/pooler-versions.ts'
import { type MachineEnd, systemdBoots } from '../../support/booted-systemd.ts'
import { type DatabaseNode, hostVersions, passwords } from '../../support/database-node.ts'
import { Runbook } from '../../support/runbooks/runbook.ts'
import { bootRunbookCluster, type RunbookCluster } from '../../support/runbooks/runbook-cluster.ts'

const primary = '10.0.0.11'
const replica = '10.0.0.12'
const app = '10.0.0.10'
const { pgbouncer } = await hostVersions()
const poolerConsoleKnowsMonitor = !olderThan(pgbouncer, '1.19')
const olderPooler = `PgBouncer ${pgbouncer} of this machine cannot check who asks its console; that of the images can`
const owner = { DATABASE: 'shop', OWNER: 'shop_owner' }

/** In the order of a cluster's life; the last one changes who is the primary. */
describe.runIf(systemdBoots)('runbooks for the nodes, followed on a primary and a replica of the images', () => {
  let cluster: RunbookCluster
  let unit: string
  const open = (name: string, values: Readonly<Record<string, string>>): Runbook => new Runbook(name, values, cluster)

  /** As the application does it, through the pooler beside a server. */
  function write(address: string, statement: string): Promise<MachineEnd> {
    const conninfo = `host=${address} port=6432 dbname=shop user=shop_owner sslmode=require`
    return cluster.onMachine(`psql -XAtq -v ON_ERROR_STOP=1 '${conninfo}' -c "${statement}"`, '')
  }

  /** PgBouncer before 1.19 looks logins up in the client's database, and its console is none. */
  function leaveOutPool(runbook: Runbook): void {
    if (!poolerConsoleKnowsMonitor) runbook.leaveOut('It is done when', olderPooler, 'ballast check pool')
  }

  /** A replica that lost its primary asks for it again every five seconds. */
  async function streams(node: DatabaseNode): Promise<void> {
    const state = () => node.sql('SELECT status FROM pg_stat_wal_receiver')
    await expect.poll(state, { timeout: 60_000 }).toBe('streaming')
  }

  beforeAll(async () => {
    cluster = await bootRunbookCluster()
    ;({ unit } = cluster)
    expect(await write(primary, 'CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 1000) i')).toMatchObject({
      code: 0,
    })
  })
  afterAll(() => cluster.close())

  test('lag', async () => {
    const runbook = open('lag', { PRIMARY: primary, REPLICA: replica, UNIT: unit })
    await cluster.second.sql('SELECT pg_wal_replay_pause()')
    await write(primary, 'INSERT INTO orders SELECT i FROM generate_series(1, 250000) i')
    expect(await runbook.follow('1. What is behind, and where', { exitCodes: [1] })).toMatch(/not_replayed +\| 1\d MB/)
    expect(await runbook.follow('2. Replay stands still')).toContain('paused')
    await runbook.follow('It is paused')
    expect(await cluster.second.sql('SELECT pg_is_wal_replay_paused()')).toBe('f')
    await runbook.follow('A query holds it up')
    expect(await runbook.follow('5. More is written than gets through')).toContain('query')

    await cluster.second.sh(`systemctl stop ${unit}`)
    expect(await runbook.follow('3. The replica does not run, or is cut off')).toContain('accepting connections')

    await cluster.second.sh(`systemctl stop ${unit}`)
    await cluster.first.sql("SELECT pg_drop_replication_slot('ballast_db_2')")
    expect(await runbook.follow('4. The slot is lost')).toContain('db-2 streams from 10.0.0.11')
    await runbook.follow('It is done when')
    expect(runbook.untouched).toEqual([])
  })

  test('full disk', async () => {
    const runbook = open('full-disk', { NODE: primary, DATABASE: 'shop', LEFTOVER: 'shop_lost', UNIT: unit })
    await cluster.first.sql('CREATE DATABASE shop_lost')
    const data = `/var/lib/postgresql/${cluster.version}`
    // The server may take some of the room between the look and the file.
    const fill = `fallocate -l $(($(stat -f -c '%a*%S' ${data}) - 65536)) ${data}/main.rejoin/copy`
    await cluster.first.sh(`mkdir ${data}/main.rejoin; for i in $(seq 50); do ${fill} && exit; sleep 0.1; done; exit 1`)
    const filled = await write(primary, 'INSERT INTO orders SELECT i FROM generate_series(1, 2000000) i')
    expect(filled.code).not.toBe(0)
    expect(await runbook.follow('1. What is full, and with what')).toMatch(/100%[\s\S]*main\.rejoin/)
    await runbook.follow('2. Make room at once')
    await runbook.follow('3. Start PostgreSQL, if it stopped')
    expect(await runbook.follow('4. Remove what is left over')).toContain('shop_lost')
    expect(await cluster.first.sql("SELECT count(*) FROM pg_database WHERE datname = 'shop_lost'")).toBe('0')
    expect(await runbook.follow('5. Who holds WAL back')).toContain('ballast_db_2')
    runbook.leaveOut('6. Grow the disk', 'a disk that grows belongs to a cloud; the small disk here is memory')
    await runbook.follow('It is done when')
    expect(await write(primary, 'INSERT INTO orders VALUES (0)')).toMatchObject({ code: 0 })
    expect(runbook.untouched).toEqual([])
  })

  test('restore all', async () => {
    const store = join(cluster.directory, 'store')
    await cluster.onMachine('ballast backup --database shop && ballast verify --database shop', '')
    const [set = ''] = await readdir(join(store, 'shop/shop'))
    await cluster.first.sql("ALTER ROLE postgres PASSWORD 'superuser'")
    await cluster.tell({ postgres: 'superuser' })
    const runbook = open('restore-at-3am', {
      ...{ STORE: `file://${store}`, SERVER: `postgresql://postgres@${primary}:5432`, PRIMARY: primary },
      ...{ ...owner, SET: 'latest-verified', COPY: join(store, 'shop/shop', set) },
    })
    const count = 'SELECT count(*) FROM orders'
    const before = await write(primary, count)
    await write(primary, 'DROP TABLE orders')
    await runbook.follow('1. Stop the damage')
    expect(await runbook.follow('2. Choose a set')).toContain('equal')
    await runbook.follow('3. Make room')
    await runbook.follow('4. Restore')
    expect(await runbook.follow('5. Look at it')).toContain('orders')
    await runbook.follow('6. Switch over')
    expect(await write(primary, count)).toEqual(before)
    expect(await write(primary, 'CREATE TABLE after_the_restore ()')).toMatchObject({ code: 0 })
    await runbook.follow('It is done when')

    runbook.leaveOut('Find the set', 'this store is a directory, and no command of aws has a part in it')
    runbook.leaveOut('Download it', 'this store is a directory: its set lies where a download would put it')
    await runbook.follow('3. Make room')
    await runbook.follow('Restore it')
    const restored = await cluster.onMachine(
      `psql -XAtq 'host=${primary} user=postgres dbname=shop_restored' -c '${count}'`,
      '',
    )
    expect(restored).toEqual(before)
    expect(runbook.untouched).toEqual([])
  })

  test('rotate secrets', async () => {
    const CONFIG = `/etc/postgresql/${cluster.version}/main`
    const runbook = open('rotate-secrets', { PRIMARY: primary, REPLICA: replica, APP: app, ...owner, UNIT: unit, CONFIG })
    leaveOutPool(runbook)
    const twice = { input: 'N3wSecret\nN3wSecret\n' }
    const old = passwords.shop_owner
    await runbook.follow("1. The application's password", twice)
    runbook.followedIn('Give it to the application', 'images/docker-releases.test.ts')
    expect(await runbook.follow('See that it is the new one that counts', { input: 'N3wSecret\n' })).toContain('shop_owner')
    await expect(runbook.follow('See that it is the new one that counts', { input: `${old}\n` })).rejects.toThrow(
      'SASL authentication failed',
    )
    await cluster.tell({ shop_owner: 'N3wSecret' })

    await runbook.follow('2. The password of backups', twice)
    await expect(runbook.follow('Ask with it')).rejects.toThrow('password authentication failed')
    await cluster.tell({ ballast_backup: 'N3wSecret' })
    await runbook.follow('Ask with it')
    await runbook.follow('3. The password of the monitor', twice)
    await cluster.tell({ ballast_monitor: 'N3wSecret' })
    if (!poolerConsoleKnowsMonitor) runbook.leaveOut('Look with it', olderPooler, 'ballast check pool')
    await runbook.follow('Look with it')

    await runbook.follow('4. The password of replication', twice)
    await runbook.follow('On the primary', { input: 'N3wSecret\n' })
    expect(await runbook.follow('On each replica', { input: 'N3wSecret\n' })).toContain('ballast_replication')

    const request = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj '/CN=renewed'"
    await cluster.first.sh(`cd /run && ${request} -keyout server.key -out server.crt 2>/dev/null`)
    expect((await runbook.follow('5. Certificates of the servers')).match(/CN = renewed/g)).toHaveLength(2)
    await runbook.follow('6. Keys of stores')
    runbook.followedIn('On the database nodes', 'images/point-in-time.test.ts')
    await runbook.follow('It is done when')
    expect(runbook.untouched).toEqual([])
  })

  test('upgrade', async () => {
    const VERSION = String(cluster.version)
    const runbook = open('upgrade', { PRIMARY: primary, REPLICA: replica, VERSION, UNIT: unit })
    leaveOutPool(runbook)
    await cluster.onMachine('ballast images render', '')
    expect(await runbook.follow('1. What waits')).toMatch(/pgbouncer/)
    runbook.leaveOut('Install it at once', 'the nodes of this cluster reach no archive of packages')
    await runbook.follow('2. Replicas first')
    const busy = cluster.onMachine(
      `for i in $(seq 30); do psql -XAtq 'host=${primary} port=6432 dbname=shop user=shop_owner sslmode=require' -c 'SELECT 1' || exit 1; done`,
      '',
    )
    await runbook.follow('3. The primary, while clients wait')
    expect((await busy).code).toBe(0)
    await runbook.follow('PgBouncer itself')
    await streams(cluster.second)
    await runbook.follow('4. A new image of the same major version')
    await runbook.follow('5. A new version of Ballast')
    await runbook.follow('It is done when')
    expect(runbook.untouched).toEqual([])
  })

  test('lost primary', async () => {
    const runbook = open('lost-primary', { OLD: primary, NEW: replica, APP: app, ...owner, UNIT: unit })
    leaveOutPool(runbook)
    await write(primary, 'CREATE TABLE before_the_loss AS SELECT 1 AS id')
    await streams(cluster.second)
    await cluster.first.sh(`systemctl kill --signal=KILL ${unit}; systemctl stop ${unit}`)
    await runbook.follow('1. Is it lost?', { exitCodes: [1] })
    await runbook.follow('2. Choose the replica')
    await runbook.follow('3. Keep the old one away')
    expect(await runbook.follow('4. Promote')).toContain('db-2 is the primary now')
    runbook.followedIn('5. Send the application there', 'images/docker-releases.test.ts')
    await runbook.follow('6. See that it takes writes')
    expect(await runbook.follow('7. Let the others follow')).toContain('db-1 streams from 10.0.0.12')
    runbook.followedIn('8. With point-in-time recovery', 'images/point-in-time.test.ts')
    await cluster.define('db-2')
    await runbook.follow('It is done when')
    expect(await write(replica, 'SELECT id FROM before_the_loss')).toMatchObject({ code: 0, stdout: '1\n' })
    expect(runbook.untouched).toEqual([])
  })
})
