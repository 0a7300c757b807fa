import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { s3ServerProgram } from '../../../sandbox/s3-server.ts'
import { systemdBoots } from '../../support/booted-systemd.ts'
import { Authority } from '../../support/certificates.ts'
import { bootDatabaseNode, type DatabaseNode, hostCluster, hostVersions } from '../../support/database-node.ts'

const { postgres: version } = await hostVersions()
const server = `postgresql@${version}-main.service`
const keys = { 'repository-key': 'REPOSITORYKEY', 'repository-key-secret': 'repository-secret' }
const directory = mkdtempSync(join(tmpdir(), 'ballast-pitr-'))

describe.runIf(systemdBoots)('a primary with a repository of pgBackRest, in a real S3 server with TLS', () => {
  let node: DatabaseNode
  let authority: Authority
  const pgbackrest = (words: string) => node.sh(`cd / && runuser -u postgres -- pgbackrest --stanza=shop ${words} 2>&1`)

  /** In the node's own network; the node trusts its certificate as it trusts a provider's. */
  async function startStore(): Promise<void> {
    const { cert, key } = await authority.issue('store', { commonName: 'store.test', alternativeNames: 'DNS:store.test' })
    await node.put('/srv/root.crt', readFileSync(authority.root, 'utf8'))
    await node.put('/srv/store.crt', readFileSync(cert, 'utf8'))
    await node.put('/srv/store.key', readFileSync(key, 'utf8'))
    await node.sh('install -m 644 /srv/root.crt /usr/local/share/ca-certificates/store.crt && update-ca-certificates')
    const credentials = `-E ROOT_ACCESS_KEY_ID=${keys['repository-key']} -E ROOT_SECRET_ACCESS_KEY=${keys['repository-key-secret']}`
    const listen = '--port 127.0.0.1:7070 --region us-east-1 --cert /srv/store.crt --key /srv/store.key --iam-dir /srv/iam'
    await node.sh('echo 127.0.0.1 store.test >> /etc/hosts')
    await node.sh('mkdir -p /srv/objects/shop-backups /srv/iam')
    await node.sh(`systemd-run --unit=store ${credentials} ${await s3ServerProgram()} ${listen} posix /srv/objects`)
    await node.sh("timeout 30 sh -c 'until ss -tln | grep -qF 127.0.0.1:7070; do sleep 0.1; done'")
  }

  beforeAll(async () => {
    const secret = { env: 'UNUSED' }
    const store = { type: 's3', name: 'main', bucket: 'shop-backups', prefix: 'ballast', region: 'us-east-1' }
    const own = { endpoint: 'https://store.test:7070', credentials: { accessKeyId: secret, secretAccessKey: secret } }
    const cluster = await hostCluster({
      region: 'us-east-1',
      backup: { stores: [{ ...store, ...own }], retention: { keep: { daily: 7 } }, pitr: { store: 'main', keepFull: 2 } },
    })
    authority = new Authority(directory, 'provider')
    const { cert, key } = await authority.issue('db-1', { commonName: 'db-1', alternativeNames: 'DNS:db-1' })
    const certificate = { 'server.crt': readFileSync(cert, 'utf8'), 'server.key': readFileSync(key, 'utf8') }
    node = await bootDatabaseNode(cluster, 'db-1', { ...keys, ...certificate })
    await startStore()
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
    const files = await node.sh(`grep -rlF -e '${keys['repository-key-secret']}' /etc /var/lib/ballast /var/log || true`)
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

  test('the recovered server is archived on, and backed up as the timer does it', async () => {
    await node.sh('ballast-full-backup')
    expect((await pgbackrest('info')).match(/full backup: /g)).toHaveLength(2)
    expect(await pgbackrest('check')).toContain('successfully archived')
    expect(await node.sh('systemctl is-enabled ballast-full-backup.timer')).toBe('enabled\n')
  })
})
