import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BootedSystemd, bootSystemd, type MachineEnd, systemdBoots } from '../../support/booted-systemd.ts'
import { outcomeOf } from '../../support/run-cli.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const database = 'timers'
const config = '/etc/ballast/cluster.json'
const daily = 'ballast-shop-backup-daily'

/** Half a day from now: no timer elapses by itself while the tests run. */
const at = `${String((new Date().getUTCHours() + 12) % 24).padStart(2, '0')}:30`
const schedule = `daily at ${at}`

const told: string[] = []
const receiver = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (bytes: Buffer) => parts.push(bytes))
  request.on('end', () => {
    told.push(Buffer.concat(parts).toString())
    response.end('ok')
  })
})
let port = 0

/** A cluster on one VM with a directory as its store; its one secret is the URL of the database. */
function definition(slots: readonly string[], changes: object = {}): string {
  return JSON.stringify({
    name: 'shop',
    nodes: [
      { name: 'app-1', role: 'docker', address: '10.0.0.10' },
      { name: 'db-1', role: 'primary', address: '10.0.0.11' },
    ],
    databases: [{ name: database, owner: 'app', connection: { url: { env: 'BACKUP_URL' } } }],
    firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32'] },
    backup: {
      ...{ source: 'primary', stores: [{ type: 'file', name: 'nas', directory: '/srv/nas box/ballast' }] },
      schedule: slots.map((slot) => ({ slot, when: schedule })),
      retention: { keep: { daily: 30 }, schedule },
      verify: { schedule },
    },
    alerts: {
      channels: [
        { type: 'slack', name: 'chat', webhook: { env: 'NO_SUCH_SECRET' } },
        { type: 'webhook', name: 'own', url: `http://127.0.0.1:${port}/hook`, signingKey: { file: '/etc/ballast/hook key' } },
      ],
    },
    replication: { schedule },
    freshness: { schedule },
    status: { schedule },
    runtime: { timers: { jitter: '0 s', ...changes } },
  })
}

describe.runIf(systemdBoots)('a machine that systemd runs', () => {
  let machine: BootedSystemd
  const sh = (script: string, input?: string): Promise<MachineEnd> => machine.run('sh', ['-c', script], input)
  const ballast = (...args: string[]): Promise<MachineEnd> =>
    machine.run('/opt/ballast/bin/ballast', [...args, '--config', config])
  const define = (text: string): Promise<MachineEnd> => sh(`cat > ${config}`, text)
  const show = async (unit: string, property: string): Promise<string> =>
    (await machine.run('systemctl', ['show', '--value', `--property=${property}`, unit])).stdout.trim()
  const journal = async (unit: string): Promise<string> =>
    (await sh(`journalctl --sync; journalctl -o cat -u '${unit}'`)).stdout

  /** Runs another command than the unit's own, in the unit's own sandbox. */
  async function runInstead(unit: string, ...args: string[]): Promise<void> {
    const line = `/opt/ballast/bin/ballast ${args.join(' ')} --config ${config}`
    const directory = `/etc/systemd/system/${unit}.service.d`
    const dropIn = `[Service]\nExecStart=\nExecStart=${line}\n`
    await sh(`mkdir -p ${directory} && cat > ${directory}/command.conf && systemctl daemon-reload`, dropIn)
  }

  beforeAll(async () => {
    await once(receiver.listen(0, '127.0.0.1'), 'listening')
    port = (receiver.address() as AddressInfo).port
    await sandbox.createDatabase(database)
    await sandbox.psql(
      sandbox.primary.url(database),
      'CREATE TABLE t AS SELECT i AS id, md5(i::text) AS t FROM generate_series(1, 5000) i',
    )
    machine = await bootSystemd()
    await sh('mkdir -p /etc/ballast "/srv/nas box/ballast"')
    await define(definition(['daily', 'second']))
  })
  afterAll(async () => {
    receiver.close()
    await machine.close()
  })

  test('install makes the user, the directories and the units, starts the timers, and names the secret that is missing', async () => {
    const dry = await ballast('timers', 'install', '--dry-run')
    expect(dry).toMatchObject({ code: 0, stderr: '' })
    expect(dry.stdout).toMatch(/^would write +etc\/systemd\/system\/ballast-shop-alert@\.service$/m)
    expect((await sh('ls /etc/systemd/system | grep ballast-shop')).stdout).toBe('')

    const said = await ballast('timers', 'install')
    expect(said.code).toBe(0)
    expect(said.stderr).toContain('Missing: /etc/ballast/credentials/BACKUP_URL.')
    expect(said.stdout).toMatch(
      new RegExp(`^${daily} +active +never +not since boot +\\d{4}-\\d\\d-\\d\\d ${at}, in \\d+ h$`, 'm'),
    )
    expect((await sh('id -un ballast; stat -c "%U %a" /var/lib/ballast /etc/ballast/credentials')).stdout).toBe(
      'ballast\nballast 750\nroot 700\n',
    )
    expect((await sh('systemctl --failed --no-legend')).stdout).toBe('')
    await sh('chown ballast: "/srv/nas box/ballast"')
    await sh('umask 077; cat > /etc/ballast/credentials/BACKUP_URL', sandbox.backupUrl(database))
    await sh('umask 077; echo signing-key > "/etc/ballast/hook key"')
  })

  test('installing again changes nothing', async () => {
    const before = await show(`${daily}.timer`, 'ActiveEnterTimestampMonotonic')
    const outcome = outcomeOf(await ballast('timers', 'install', '--json'))
    expect(outcome.numbers).toMatchObject({ filesNew: 0, filesChanged: 0, filesRemoved: 0 })
    expect(await show(`${daily}.timer`, 'ActiveEnterTimestampMonotonic')).toBe(before)
  })

  test('the timer makes up for a run that was missed: a backup with its secret, into its store, and no more rights than that', async () => {
    await sh(
      `systemctl stop ${daily}.timer; touch -d '3 days ago' /var/lib/systemd/timers/stamp-${daily}.timer; systemctl start ${daily}.timer`,
    )
    await expect.poll(() => journal(`${daily}.service`), { timeout: 60_000 }).toMatch(/Finished|Failed/)
    expect(await journal(`${daily}.service`)).toMatch(/published \S+-daily-[\s\S]*Finished ballast-shop-backup-daily/)
    expect(
      (await sh('ls "/srv/nas box/ballast/shop/timers"/*/manifest.json; stat -c %U "/srv/nas box/ballast/shop"')).stdout,
    ).toMatch(/manifest\.json\nballast\n$/)
    const status = await ballast('timers', 'status')
    expect(status.code).toBe(0)
    expect(status.stdout).toMatch(/^ballast-shop-backup-daily +active +\d{4}-\d\d-\d\d \d\d:\d\d +ok +/m)
  })

  test('verification starts its scratch server inside the sandbox of its unit, and leaves nothing', async () => {
    await machine.run('systemctl', ['start', 'ballast-shop-verify.service'])
    expect(await journal('ballast-shop-verify.service')).toMatch(/Finished ballast-shop-verify/)
    expect((await sh('ls "/srv/nas box/ballast/shop/timers"/*/evidence')).stdout).toMatch(/-equal\.json\n$/)
    expect((await sh('ls -A /var/lib/ballast | grep -v ^.cache')).stdout).toBe('')
  })

  test('a service sees no home, writes nowhere else, and holds no right', async () => {
    const unit = 'ballast-shop-freshness'
    const probe = 'ls /home /root; touch /etc/x /opt/x /srv/x; grep ^CapEff /proc/self/status; ls $CREDENTIALS_DIRECTORY'
    const dropIn = `[Service]\nExecStart=\nExecStart=sh -c '${probe}; true'\n`
    await sh(
      `mkdir -p /etc/systemd/system/${unit}.service.d; cat > /etc/systemd/system/${unit}.service.d/command.conf; systemctl daemon-reload`,
      dropIn,
    )
    await machine.run('systemctl', ['start', `${unit}.service`])
    const said = await journal(`${unit}.service`)
    for (const path of ['/etc/x', '/opt/x', '/srv/x'])
      expect(said).toContain(`touch: cannot touch '${path}': Read-only file system`)
    for (const path of ['/home', '/root']) expect(said).toContain(`ls: cannot open directory '${path}': Permission denied`)
    expect(said).toMatch(/CapEff:\s+0000000000000000/)
    expect(said).not.toContain('BACKUP_URL')
  })

  test('a run that fails is named by status, and starts the unit that alerts', async () => {
    // A run of its own would find the slot done, and one that fails tells of it itself.
    await runInstead(daily, 'backup', '--all')
    await sh('echo postgresql://nobody@127.0.0.1:1/timers > /etc/ballast/credentials/BACKUP_URL')
    await machine.run('systemctl', ['start', `${daily}.service`])
    const outcome = outcomeOf(await ballast('timers', 'status', '--json'))
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'unwell' }, numbers: { timersStopped: 0, runsFailed: 1 } })
    expect(outcome.failure?.message).toBe(`${daily}.service failed (exit-code 3)`)
    await expect.poll(() => told, { timeout: 60_000 }).toHaveLength(1)
    expect(JSON.parse(told[0] ?? '')).toMatchObject({ cluster: 'shop', severity: 'critical', subject: 'shop/backup/daily' })
    expect(told[0]).toContain('ended with exit code 3')
  })

  test('a failure that lasts is told once; one that the run has told of itself is not told again', async () => {
    await machine.run('systemctl', ['start', `${daily}.service`])
    const alert = `ballast-shop-alert@${daily}.service.service`
    await expect.poll(() => journal(alert), { timeout: 60_000 }).toMatch(/Finished[\s\S]*Finished/)
    await runInstead('ballast-shop-freshness', 'check', 'freshness', '--min-copies', '2')
    await machine.run('systemctl', ['start', 'ballast-shop-freshness.service'])
    const other = 'ballast-shop-alert@ballast-shop-freshness.service.service'
    await expect.poll(() => journal(other), { timeout: 60_000 }).toMatch(/has told of it itself[\s\S]*Finished/)
    expect(told).toHaveLength(1)
  })

  test('an entry that is gone takes its units along, and a changed one its timer', async () => {
    await define(definition(['daily'], { cpuPercent: 100 }))
    await machine.run('systemctl', ['stop', 'ballast-shop-verify.timer'])
    expect((await ballast('timers', 'status')).stdout).toMatch(/^ballast-shop-verify +INACTIVE/m)
    const outcome = outcomeOf(await ballast('timers', 'install', '--json'))
    expect(outcome.numbers).toMatchObject({ filesNew: 0, filesRemoved: 2 })
    expect((await sh('ls /etc/systemd/system /etc/systemd/system/timers.target.wants')).stdout).not.toContain('second')
    expect(await show('ballast-shop-backup-second.timer', 'LoadState')).toBe('not-found')
    expect(await show(`${daily}.service`, 'CPUQuotaPerSecUSec')).toBe('1s')
    expect(await show('ballast-shop-verify.timer', 'ActiveState')).toBe('active')
  })

  test('below the root of an image, units are enabled and nothing is started', async () => {
    await sh('mkdir -p /srv/image/etc')
    const said = await ballast('timers', 'install', '--root', '/srv/image')
    expect(said).toMatchObject({ code: 0, stderr: '' })
    const wanted = (await sh('ls /srv/image/etc/systemd/system/timers.target.wants')).stdout
    expect(wanted.split('\n')).toContain(`${daily}.timer`)
    await define(definition(['other']))
    const outcome = outcomeOf(await ballast('timers', 'install', '--root', '/srv/image', '--json'))
    expect(outcome.numbers).toMatchObject({ filesNew: 2, filesRemoved: 2 })
    expect((await sh('ls -R /srv/image')).stdout).not.toContain('daily')
    await define(definition(['daily'], { cpuPercent: 100 }))
  })

  test('a unit that somebody else made is not overwritten', async () => {
    await sh(`echo '[Service]' > /etc/systemd/system/${daily}.service`)
    const said = await ballast('timers', 'install')
    expect(said.code).toBe(2)
    expect(said.stderr).toContain(`/etc/systemd/system/${daily}.service is in the way`)
    expect((await sh(`cat /etc/systemd/system/${daily}.service`)).stdout).toBe('[Service]\n')
  })
})
