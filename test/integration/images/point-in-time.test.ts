import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { archiveKeys, bootArchivedNode } from '../../support/archived-node.ts'
import { systemdBoots } from '../../support/booted-systemd.ts'
import { type DatabaseNode, hostVersions } from '../../support/database-node.ts'
import { nodePlace } from '../../support/runbooks/node-place.ts'
import { Runbook } from '../../support/runbooks/runbook.ts'

const { postgres: version } = await hostVersions()
const server = `postgresql@${version}-main.service`
const directory = mkdtempSync(join(tmpdir(), 'ballast-pitr-'))

describe.runIf(systemdBoots)('a primary with a repository of pgBackRest, in a real S3 server with TLS', () => {
  let node: DatabaseNode
  const pgbackrest = (words: string) => node.sh(`cd / && runuser -u postgres -- pgbackrest --stanza=shop ${words} 2>&1`)

  beforeAll(async () => {
    ;({ node } = await bootArchivedNode(directory))
    await node.sh(`systemctl start ${server}`)
  })
  afterAll(async () => {
    await node.close()
    rmSync(directory, { recursive: true })
  })

  test('the bake did what its checks look for, and left no key', () => {
    expect(Object.values(node.findings).join('')).toBe('')
  })

  test('the first backup follows the first boot by itself', async () => {
    await node.sh('systemctl start ballast-first-backup.service')
    expect(await pgbackrest('info')).toMatch(/status: ok[\s\S]*full backup: /)
    expect(await node.sh('ls /srv/objects/shop-backups/ballast/pgbackrest/shop')).toBe('archive\nbackup\n')
    await node.sh('systemctl start ballast-first-backup.service')
    expect((await pgbackrest('info')).match(/full backup: /g)).toHaveLength(1)
  })

  test('WAL is archived from inside the sandbox of the server', async () => {
    expect(await pgbackrest('check')).toContain('successfully archived')
    expect(await node.sql('SELECT failed_count, archived_count > 0 FROM pg_stat_archiver')).toBe('0|t')
  })

  test("clients check the certificate that came with the seed, PgBouncer's too", async () => {
    await node.sh('systemctl start pgbouncer.service')
    const conninfo = 'host=db-1 hostaddr=127.0.0.1 user=nobody dbname=shop sslmode=verify-full sslrootcert=/srv/root.crt'
    for (const port of [5432, 6432]) {
      expect(await node.sh(`psql '${conninfo} port=${port}' 2>&1 || true`)).toMatch(
        /fe_sendauth: no password supplied|no such user/,
      )
    }
  })

  test('keys are for root and postgres alone, and in no other file', async () => {
    const files = await node.sh(`grep -rlF -e '${archiveKeys['repository-key-secret']}' /etc /var/lib/ballast /var/log || true`)
    expect(files).toBe('/etc/pgbackrest/conf.d/repository-keys.conf\n')
    expect(await node.sh('stat -c "%U:%G %a" /etc/pgbackrest/conf.d/repository-keys.conf')).toBe('root:postgres 640\n')
  })

  test('it goes back to a moment before the mistake', async () => {
    await node.sql('CREATE TABLE orders AS SELECT i FROM generate_series(1, 1000) i')
    const moment = await node.sql('SELECT clock_timestamp()')
    await node.sql('SELECT pg_sleep(1)')
    await node.sql('DROP TABLE orders; SELECT pg_switch_wal()')
    await node.sh(`systemctl stop ${server}`)
    await pgbackrest(`--delta --type=time --target='${moment}' --target-action=promote restore`)
    await node.sh(`systemctl start ${server}`)
    await expect.poll(() => node.sql('SELECT pg_is_in_recovery()'), { timeout: 60_000 }).toBe('f')
    expect(await node.sql('SELECT count(*) FROM orders')).toBe('1000')
  })

  test('the runbooks for what is archived are right here', async () => {
    const address = '10.0.0.11'
    const unit = `postgresql@${version}-main`
    const cluster = { OLD: '10.0.0.12', NEW: address, APP: '10.0.0.10', DATABASE: 'shop', OWNER: 'shop_owner', UNIT: unit }
    const timers = { SCHEDULER: '10.0.0.20', CONFIG: '/none', CREDENTIALS_DIRECTORY: '/none', BACKUP: 'none', VERIFY: 'none' }
    const places = nodePlace(node)
    expect(await new Runbook('failed-backup', { ...timers, PRIMARY: address }, places).follow('WAL is not archived')).toMatch(
      /successfully archived[\s\S]*full backup: /,
    )
    await new Runbook('lost-primary', cluster, places).follow('8. With point-in-time recovery')
    const secrets = {
      PRIMARY: address,
      REPLICA: '10.0.0.12',
      APP: '10.0.0.10',
      DATABASE: 'shop',
      OWNER: 'shop_owner',
      UNIT: unit,
    }
    const rotate = new Runbook('rotate-secrets', { ...secrets, CONFIG: `/etc/postgresql/${version}/main` }, places)
    const typed = { input: `${archiveKeys['repository-key']}\n${archiveKeys['repository-key-secret']}\n` }
    expect(await rotate.follow('On the database nodes', typed)).toContain('successfully archived')
  })

  test('the recovered server is archived on, and backed up as the timer does it', async () => {
    await node.sh('ballast-full-backup')
    expect((await pgbackrest('info')).match(/full backup: /g)).toHaveLength(2)
    expect(await pgbackrest('check')).toContain('successfully archived')
    expect(await node.sh('systemctl is-enabled ballast-full-backup.timer')).toBe('enabled\n')
  })
})
