import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSeal } from '../../functions/images/seal/check-seal.ts'
import { sealChecks } from '../../functions/images/seal/seal-checks.ts'
import { IMAGE_ROLES, type ImageRole } from '../../packer/roles.ts'
import { type BootedSystemd, bootSystemd } from '../support/booted-systemd.ts'
import { mutations } from '../unit/images/seal/mutations.ts'
import { plant } from '../unit/images/seal/plant.ts'
import { declinedControls } from './hardening/declined-controls.ts'
import { type ImageDisk, imageDisk } from './hardening/image-disk.ts'
import { aboutTheHost, type LynisReport, runLynis } from './hardening/lynis.ts'
import { spoilers } from './hardening/spoilers.ts'
import { stageScripts } from './hardening/stage-scripts.ts'

const leastIndex: Record<ImageRole, number> = { docker: 75, primary: 80, replica: 80 }
const reports = new Map<ImageRole, LynisReport>()

describe.each(IMAGE_ROLES)('the image of the role %s', (role) => {
  let disk: ImageDisk
  beforeAll(async () => {
    disk = await imageDisk(role)
  })
  afterAll(() => disk.remove())

  describe('its services started', () => hardeningCases(role, () => disk))

  test('in its files, every seal check finds what it is there for', async () => {
    const planted = new Map(mutations.map((mutation, index) => [ownPlace(mutation.path, index), mutation]))
    const findings = await disk.mounted(async (root) => {
      await plant(
        root,
        [...planted].map(([path, mutation]) => ({ ...mutation, path })),
      )
      return await checkSeal(root)
    })
    expect(findings.filter(({ status }) => status === 'ok')).toEqual([])
    expect(findings).toHaveLength(sealChecks.length)
  })
})

function hardeningCases(role: ImageRole, disk: () => ImageDisk): void {
  let machine: BootedSystemd
  const sh = async (script: string) => await machine.run('bash', ['-c', script])

  beforeAll(async () => {
    machine = await bootSystemd({ root: disk().path, services: true })
    reports.set(role, await runLynis(machine))
    await stageScripts(machine, role)
  })
  afterAll(() => machine.close())

  test(`Lynis gives it ${leastIndex[role]} of 100 or more`, () => {
    console.log(`Lynis ${reports.get(role)?.version}, ${role}: ${reports.get(role)?.index}`)
    expect(reports.get(role)?.index).toBeGreaterThanOrEqual(leastIndex[role])
  })

  test('whatever Lynis would still change is declined, with a reason', async () => {
    const declined = await declinedControls()
    expect(reports.get(role)?.open.filter((id) => !declined.includes(id))).toEqual([])
  })

  test.each(spoilers(role))('the check of $verb finds that $what', async ({ verb, path, spoil, finds }) => {
    const verify = `bash /tmp/ballast/image-scripts/verify/${verb}.sh`
    expect((await sh(verify)).stdout).not.toMatch(finds)
    try {
      expect(
        await sh(`rm -rf /run/kept && mkdir /run/kept && { cp -a --parents ${path} /run/kept || true; } && ${spoil}`),
      ).toMatchObject({ code: 0 })
      expect(await sh(verify)).toMatchObject({ code: 1, stdout: expect.stringMatching(finds) })
    } finally {
      await sh(`rm -rf ${path} && cp -a -T /run/kept${path} ${path}`)
    }
  })

  test("the exporter tells how far the clock is off, and of the machine's own mounts", async () => {
    const { stdout } = await sh('curl --silent --fail --retry 5 --retry-connrefused http://127.0.0.1:9100/metrics')
    for (const collector of ['cpu', 'diskstats', 'filesystem', 'loadavg', 'meminfo', 'netdev', 'stat', 'systemd', 'timex']) {
      expect(stdout).toContain(`node_scrape_collector_success{collector="${collector}"} 1`)
    }
  })
}

test('nothing is declined that Lynis would not change', async () => {
  const open = new Set([...reports.values()].flatMap((report) => report.open))
  expect((await declinedControls()).filter((id) => !open.has(id) && !aboutTheHost.includes(id))).toEqual([])
})

/** Where a mutation goes when all of them are planted at once; what is left behind in its own place stays there. */
function ownPlace(path: string, index: number): string {
  return path === '/etc/app.conf' ? `/etc/app-${index}.conf` : path
}
