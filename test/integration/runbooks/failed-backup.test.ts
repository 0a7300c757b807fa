import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { roles } from '../../../sandbox/data.ts'
import { type BootedSystemd, bootSystemd, type MachineEnd, systemdBoots } from '../../support/booted-systemd.ts'
import { Runbook } from '../../support/runbooks/runbook.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const database = 'runbook_backup'
const config = '/etc/ballast/cluster.json'
const credentials = '/etc/ballast/credentials'
const values = {
  ...{ SCHEDULER: '10.0.0.20', PRIMARY: '10.0.0.11', CONFIG: config, CREDENTIALS_DIRECTORY: credentials },
  ...{ BACKUP: 'ballast-shop-backup-daily', VERIFY: 'ballast-shop-verify' },
}

/** Half a day from now: no timer elapses by itself while the test runs. */
const schedule = `daily at ${String((new Date().getUTCHours() + 12) % 24).padStart(2, '0')}:30`

function definition(): string {
  const host = { host: '127.0.0.1', port: sandbox.primary.port, sslmode: 'disable', user: roles.backup }
  return JSON.stringify({
    name: 'shop',
    region: sandbox.s3.region,
    nodes: [
      { name: 'app-1', role: 'docker', address: '10.0.0.10' },
      { name: 'db-1', role: 'primary', address: '10.0.0.11' },
    ],
    databases: [{ name: database, owner: 'app', connection: { ...host, password: { env: 'BACKUP_PASSWORD' } } }],
    firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32'] },
    backup: {
      source: 'primary',
      stores: [
        {
          ...{ type: 's3', name: 'main', bucket: sandbox.s3.bucket, prefix: 'runbook-backup', endpoint: sandbox.s3.endpoint },
          ...{ provider: 'versitygw', credentials: { accessKeyId: { env: 'S3_KEY' }, secretAccessKey: { env: 'S3_SECRET' } } },
        },
      ],
      schedule: [{ slot: 'daily', when: schedule }],
      retention: { keep: { daily: 30 }, schedule },
      verify: { schedule },
    },
    replication: { schedule },
    freshness: { schedule },
    status: { schedule },
    runtime: { timers: { jitter: '0 s' } },
  })
}

describe.runIf(systemdBoots)('the machine with the timers, where a backup has failed', () => {
  let machine: BootedSystemd
  const sh = (script: string, input = ''): Promise<MachineEnd> =>
    machine.run('bash', ['-c', `PATH=/opt/ballast/bin:$PATH\n${script}`], input)
  const secret = (name: string, value: string) => sh(`umask 077; cat > ${credentials}/${name}`, value)
  const open = (name: 'failed-backup'): Runbook =>
    new Runbook(name, values, {
      onMachine: () => Promise.reject(new Error('everything is on the machine with the timers')),
      onNode: (_, script, input) => sh(script, input),
    })

  beforeAll(async () => {
    await sandbox.createDatabase(database)
    await sandbox.psql(sandbox.primary.url(database), 'CREATE TABLE t AS SELECT i AS id FROM generate_series(1, 500) i')
    machine = await bootSystemd()
    await sh(`mkdir -p ${credentials} && cat > ${config}`, definition())
    await secret('S3_KEY', sandbox.s3.accessKey)
    await secret('S3_SECRET', sandbox.s3.secretKey)
    await secret('BACKUP_PASSWORD', 'an old one')
    expect(await sh(`ballast timers install --config ${config}`)).toMatchObject({ code: 0 })
  })
  afterAll(() => machine.close())

  test('failed backup', async () => {
    const runbook = open('failed-backup')
    expect((await sh('systemctl start ballast-shop-backup-daily')).code).not.toBe(0)
    expect(await runbook.follow('1. What failed')).toMatch(/failed[\s\S]*password/)
    await expect(runbook.follow('It is done when')).rejects.toThrow('exit code 1')
    expect(await runbook.follow('2. Ask every part')).toMatch(/password/)
    await secret('BACKUP_PASSWORD', sandbox.data.passwords[roles.backup] ?? '')
    await runbook.follow('3. Make up for it')
    await runbook.follow('It is done when')
    expect(await runbook.follow('2. Ask every part')).toMatch(/equal/)
    await runbook.follow('Verification found a difference')
    runbook.followedIn('WAL is not archived', 'images/point-in-time.test.ts')
    expect(runbook.untouched).toEqual([])
  })
})
