import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { machinesSite } from '../../../../handover/sites/machines-site.ts'
import { siteProblems, untilWell } from '../../../../handover/sites/site-problems.ts'
import { systemdBoots } from '../../../support/booted-systemd.ts'
import { hostCluster, hostVersions, passwords } from '../../../support/database-node.ts'
import { bootDatabasePair, type DatabasePair } from '../../../support/database-pair.ts'
import { nodeRemote } from '../../../support/node-remote.ts'

const { postgres: version } = await hostVersions()
const server = `postgresql@${version}-main.service`
const { signal } = new AbortController()

describe.runIf(systemdBoots)('machines of images, as drills act on them', () => {
  let pair: DatabasePair
  let site: ReturnType<typeof machinesSite>
  const kept: string[][] = []

  beforeAll(async () => {
    pair = await bootDatabasePair(`${server} pgbouncer.service`)
    const cluster = await hostCluster()
    const keepPassword = (...words: string[]): void => void kept.push(words)
    const remotes = [nodeRemote(pair.primary), nodeRemote(pair.replica)]
    site = machinesSite(
      {
        ...{ on: 'images', store: { type: 'file', directory: '/nowhere' } },
        definition: cluster,
        cluster,
        env: {},
        keepPassword,
      },
      remotes,
    )
    await expect(untilWell({ ...site, close: pair.close }, 60_000, signal)).resolves.toEqual([])
  })
  afterAll(() => pair?.close())

  const problems = () => siteProblems({ ...site, close: pair.close }, signal)

  test('a script is stopped at its first error, and its rows come back', async () => {
    await site.sql('db-1', 'CREATE TABLE seen AS SELECT 1 AS id, NULL AS nothing;', { database: 'shop' })
    expect(await site.sql('db-1', "SELECT * FROM seen; SELECT 'a b';", { database: 'shop' })).toBe('1|\na b')
    await expect(site.sql('db-1', 'SELECT 1/0; CREATE TABLE after();', { database: 'shop' })).rejects.toThrow(
      'division by zero',
    )
    expect(await site.sql('db-1', "SELECT to_regclass('after')", { database: 'shop' })).toBe('')
  })

  test('a replica that is cut off answers and receives nothing, until it is let through', async () => {
    await site.cutReplica('db-2', signal)
    await site.cutReplica('db-2', signal)
    await site.sql('db-1', 'CREATE TABLE written_meanwhile()')
    await expect.poll(problems).toEqual(['db-2 does not stream from its primary (not connected)'])
    expect(await site.sql('db-2', "SELECT to_regclass('written_meanwhile')")).toBe('')
    expect(await site.sql('db-1', 'SELECT count(*) FROM pg_stat_replication')).toBe('0')
    expect(await pair.replica.sh('systemctl is-active ballast-drill-let-through.timer')).toBe('active\n')
    await site.reconnectReplica('db-2', signal)
    await site.reconnectReplica('db-2', signal)
    await expect.poll(() => site.sql('db-2', "SELECT to_regclass('written_meanwhile')")).toBe('written_meanwhile')
    expect(await pair.replica.sh('nft list tables; systemctl list-timers --all ballast-drill-* --no-legend')).not.toContain(
      'drill',
    )
  })

  test('what listens is told with its program', async () => {
    const sockets = (await site.listening?.('db-1', signal)) ?? []
    expect(sockets).toEqual(
      expect.arrayContaining([
        { protocol: 'tcp', address: '0.0.0.0', port: 5432, program: 'postgres', pid: expect.any(Number) },
        { protocol: 'tcp', address: '0.0.0.0', port: 6432, program: 'pgbouncer', pid: expect.any(Number) },
      ]),
    )
  })

  test('a disk is filled to what is to be left, and cleared', async () => {
    const before = await site.disk?.room('db-1', signal)
    const left = Math.floor((before?.free ?? 0) - 64 * 1024 * 1024)
    await site.disk?.fillTo('db-1', left, signal)
    const filled = await site.disk?.room('db-1', signal)
    expect(Math.abs((filled?.free ?? 0) - left)).toBeLessThan(16 * 1024 * 1024)
    await site.disk?.clear('db-1', signal)
    await site.disk?.clear('db-1', signal)
    expect(
      await pair.primary.sh('ls /var/lib/postgresql; systemctl list-timers --all ballast-drill-* --no-legend'),
    ).not.toContain('drill')
  })

  test('what nobody undoes is undone by the machine itself, by what its timers start', async () => {
    await site.cutReplica('db-2', signal)
    await site.disk?.fillTo('db-1', ((await site.disk?.room('db-1', signal))?.free ?? 0) - 1024 * 1024, signal)
    await pair.replica.sh('systemctl start ballast-drill-let-through.service')
    await pair.primary.sh('systemctl start ballast-drill-clear-disk.service')
    expect(await pair.replica.sh('nft list tables')).not.toContain('drill')
    expect(await pair.primary.sh('ls /var/lib/postgresql')).not.toContain('drill')
    await site.reconnectReplica('db-2', signal)
    await site.disk?.clear('db-1', signal)
  })

  test('the password of replication is changed on every machine, and streams go on after a restart', async () => {
    const password = String.raw`it's\:Q7x`
    await site.rotatePassword?.('ballast_replication', password, signal)
    expect(kept).toEqual([['ballast_replication', password]])
    await site.stop('db-2', signal)
    await site.start('db-2', signal)
    await expect(untilWell({ ...site, close: pair.close }, 60_000, signal)).resolves.toEqual([])
    const log = await pair.primary.sh('journalctl --no-pager -o cat')
    expect(log).not.toContain('Q7x')
    await site.rotatePassword?.('ballast_replication', passwords.ballast_replication, signal)
  })

  test('a primary that is killed stays away, its replica takes over, and both go back to what they were', async () => {
    await site.cutPower('db-1', signal)
    await site.cutPower('db-1', signal)
    expect(await pair.primary.sh(`systemctl is-active ${server} pgbouncer.service || true`)).toBe('failed\nfailed\n')
    await site.promote('db-2', signal)
    await site.sql('db-2', 'CREATE TABLE written_after(id int)')
    await site.rejoin('db-1', 'db-2', signal)
    expect(await problems()).toEqual([
      'db-1 is a standby, and is to be the primary',
      'db-2 is a primary, and is to be a replica',
    ])
    await site.stop('db-2', signal)
    await site.promote('db-1', signal)
    await site.rejoin('db-2', 'db-1', signal)
    expect(await problems()).toEqual([])
    expect(await site.sql('db-1', "SELECT to_regclass('written_after')")).toBe('written_after')
    expect(
      await pair.primary.sh('systemctl is-active pgbouncer.service; ls /run/systemd/system/*.d/*drill* 2>&1 || true'),
    ).toMatch(/^active\nls: cannot access/)
  })

  test('a replica that is started again without a promotion follows its primary', async () => {
    await site.cutPower('db-2', signal)
    await site.start('db-2', signal)
    await site.start('db-2', signal)
    await expect(untilWell({ ...site, close: pair.close }, 60_000, signal)).resolves.toEqual([])
  })
})
