import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemdBoots } from '../../support/booted-systemd.ts'
import { type DatabaseNode, hostVersions, passwords } from '../../support/database-node.ts'
import { bootDatabasePair, type DatabasePair } from '../../support/database-pair.ts'

const { postgres: version } = await hostVersions()
const server = `postgresql@${version}-main.service`
const operator = `/etc/postgresql/${version}/main/conf.d/90-operator.conf`

describe.runIf(systemdBoots)('a replica that follows its primary, and takes its place', () => {
  let primary: DatabaseNode
  let replica: DatabaseNode
  let close: DatabasePair['close']
  const setting = (node: DatabaseNode, name: string) => node.sql(`SHOW ${name}`)

  async function streams(): Promise<void> {
    const state = () => replica.sql('SELECT status FROM pg_stat_wal_receiver')
    await expect.poll(state, { timeout: 60_000 }).toBe('streaming')
  }

  beforeAll(async () => {
    const pair = await bootDatabasePair(`${server} pgbouncer.service`)
    ;({ primary, replica } = pair)
    close = pair.close
    await primary.sql('CREATE TABLE seen AS SELECT 1 AS id')
  })
  afterAll(() => close())

  test('a standby never has less than its primary, even where that was raised by hand', async () => {
    await primary.sh(`echo 'max_connections = 130' >> ${operator}`)
    await primary.sh(`echo 'max_worker_processes = 21' >> ${operator}`)
    await primary.sh(`systemctl restart ${server}`)
    await streams()
    await primary.sql('CREATE TABLE after_the_change AS SELECT 1 AS id')
    await replica.sh(`systemctl stop ${server} && systemctl start ${server}`)
    await streams()
    expect([await setting(replica, 'max_connections'), await setting(replica, 'max_worker_processes')]).toEqual(['130', '21'])
  })

  test('a replica is not promoted while its primary answers', async () => {
    expect(await replica.sh('ballast-promote 2>&1 || true')).toMatch(
      /the primary at 10\.0\.0\.11 still answers: stop PostgreSQL there first/,
    )
    expect(await replica.sql('SELECT pg_is_in_recovery()')).toBe('t')
  })

  test('after the primary is gone it is, and takes writes through its pool', async () => {
    await primary.sh(`systemctl kill --signal=KILL ${server}; systemctl stop ${server}`)
    const said = await replica.sh('ballast-promote')
    expect(said).toContain("run 'ballast-rejoin --primary 10.0.0.12' on every other database node")
    const write = `psql -XAtq 'host=10.0.0.12 port=6432 user=shop_owner dbname=shop sslmode=require' -c 'CREATE TABLE written AS SELECT 1 AS id'`
    await replica.sh(`PGPASSWORD='${passwords.shop_owner}' ${write}`)
    expect(await replica.sh('ballast-promote 2>&1 || true')).toMatch(/is a primary already/)
  })

  test('the old primary goes back to where they parted, and follows', async () => {
    // It came up once more, and took what nobody else has.
    await primary.sh(`systemctl start ${server}`)
    await primary.sql(
      "INSERT INTO seen SELECT 99 FROM generate_series(1, 500); SELECT pg_create_physical_replication_slot('forgotten')",
    )
    await primary.sh(`systemctl kill --signal=KILL ${server}; systemctl stop ${server}`)
    expect(await primary.sh('ballast-rejoin 2>&1 || true')).toContain('say which node is the primary now')
    const said = await primary.sh('ballast-rejoin --primary 10.0.0.12 2>&1')
    expect(said).toContain('Rewinding to where the two parted')
    expect(said).toContain('db-1 streams from 10.0.0.12')
    expect(await primary.sql('SELECT count(*) FROM seen WHERE id = 99; SELECT slot_name FROM pg_replication_slots')).toBe('0')
    expect(await replica.sql('SELECT slot_name, active FROM pg_replication_slots')).toBe('ballast_db_1|t')
  })

  test('data of another cluster is not rewound, but may be replaced', async () => {
    const fresh = `/var/lib/postgresql/${version}/main`
    await primary.sh(
      `systemctl stop ${server}; rm -rf ${fresh}; cd /; runuser -u postgres -- /usr/lib/postgresql/${version}/bin/initdb -D ${fresh} -k`,
    )
    expect(await primary.sh('ballast-rejoin --primary 10.0.0.12 2>&1 || true')).toMatch(
      /is not of the same cluster.*give --rebuild/,
    )
    expect(await primary.sh('ballast-rejoin --primary 10.0.0.12 --rebuild 2>&1')).toContain('db-1 streams from 10.0.0.12')
    expect(await primary.sql('SELECT count(*) FROM seen')).toBe('1')
  })

  test('data on a disk that was attached is taken over as it is, whoever had it before', async () => {
    const before = await primary.sql('SELECT system_identifier FROM pg_control_system()')
    await primary.sh(`systemctl stop ${server}; rm /var/lib/ballast/first-boot-done; chown -R daemon: /var/lib/postgresql`)
    await primary.sh(`systemctl restart ballast-first-boot.service && systemctl start ${server}`)
    expect(await primary.sh('journalctl -o cat -u ballast-first-boot | tail -2')).toContain('Took over the data in')
    expect(await primary.sql('SELECT system_identifier FROM pg_control_system()')).toBe(before)
  })
})
