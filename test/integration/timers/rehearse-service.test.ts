import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drills } from '../../../config/drills.ts'
import { type BootedSystemd, bootSystemd, type MachineEnd, systemdBoots } from '../../support/booted-systemd.ts'
import { changed, sample } from '../../unit/config/sample.ts'

const config = '/etc/ballast/cluster.json'
const unit = 'ballast-shop-rehearse'
const kept = ['stress', 'failover']
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ballast')

function definition(firstWrite: string): string {
  return JSON.stringify(
    changed(sample, {
      'backup.stores': [{ type: 'file', name: 'nas', directory: '/srv/ballast' }],
      'loadtests.pgbench': { clients: 20, duration: '2 s' },
      handover: {
        goals: { firstWrite },
        drills: { schedule: 'quarterly on 1 at 04:00', by: 'sandbox', skip: drills.filter((name) => !kept.includes(name)) },
      },
    }),
  )
}

describe.runIf(systemdBoots)('the service that rehearses by schedule', () => {
  let machine: BootedSystemd
  const sh = (script: string, input?: string): Promise<MachineEnd> => machine.run('sh', ['-c', script], input)
  const start = async (): Promise<string> => {
    await machine.run('systemctl', ['start', `${unit}.service`])
    return (await sh(`journalctl --sync; journalctl -o cat -u ${unit}.service`)).stdout
  }
  const filed = async (): Promise<{ result: string; note: string }[]> => {
    const { stdout } = await sh(
      'cd /srv/ballast/shop/.ballast/drills && for file in *.json; do tr -d "\\n" < $file; echo; done',
    )
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  beforeAll(async () => {
    machine = await bootSystemd()
    await sh(`mkdir -p /etc/ballast /srv/ballast && cat > ${config}`, definition('10 s'))
    expect(await machine.run('/opt/ballast/bin/ballast', ['timers', 'install', '--config', config])).toMatchObject({ code: 0 })
    await sh(
      `mkdir -p /var/lib/ballast/.cache && cp -a ${cache} /var/lib/ballast/.cache/ && chown -R ballast: /var/lib/ballast /srv/ballast`,
    )
  })
  afterAll(() => machine.close())

  test('in its own sandbox of rights it does the drills on a cluster of its own, and files that they passed', async () => {
    expect(await start()).toMatch(/passed failover [\s\S]*2 passed, 0 failed, 0 not run, [\s\S]*Finished ballast-shop-rehearse/)
    expect(await filed()).toMatchObject([
      { result: 'passed', note: expect.stringContaining('on a sandbox: 2 passed, 0 failed') },
    ])
    const { stdout } = await sh('stat -c "%U" /var/lib/ballast/results/shop/*-drill-failover.json; pgrep -u ballast -c .')
    expect(stdout).toBe('ballast\n0\n')
  })

  test('where a goal is not met the service fails, which alerts, and that is what is filed', async () => {
    await sh(`cat > ${config}`, definition('1 ms'))
    expect(await start()).toMatch(/Failed to start ballast-shop-rehearse/)
    expect((await filed()).map(({ result }) => result)).toEqual(['passed', 'failed'])
  })
})
