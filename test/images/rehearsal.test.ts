import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Drill } from '../../config/drills.ts'
import { makeSshKey } from '../../functions/images/ssh-key.ts'
import { allDrills } from '../../handover/drills/all-drills.ts'
import { planDrills } from '../../handover/drills/plan.ts'
import { type RehearsedDrill, rehearse } from '../../handover/drills/rehearse.ts'
import { runOrigin } from '../../handover/records/run-start.ts'
import { labSite } from '../../handover/sites/images-site.ts'
import { type ImagesLab, startImagesLab } from '../../handover/sites/lab/start-lab.ts'
import type { Site } from '../../handover/sites/site.ts'
import { openSshCluster } from '../../handover/sites/ssh-cluster.ts'
import { failureOf } from '../support/failures.ts'
import { imageDirectory } from './image-directory.ts'
import definition from './lab.config.ts'

/** What needs machines, with a network, a firewall, a disk and services of their own. Load is none of it: they are emulated. */
const drills: readonly Drill[] = [
  'pool-exhaustion',
  'tls-and-passwords',
  'port-exposure',
  'replica-cut-off',
  'disk-filling',
  'secret-rotation',
  'failover',
  'rejoin',
]

const { signal } = new AbortController()
let directory: string
let lab: ImagesLab

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-test-'))
  const directories = (['docker', 'primary', 'replica'] as const).map(imageDirectory)
  lab = await startImagesLab({ definition, directories, env: process.env, signal, say: (line) => console.log(line) })
})
afterAll(async () => {
  await lab?.close()
  await rm(directory, { recursive: true, force: true })
})

describe('a machine that cannot be rehearsed on is named, and nothing is changed', () => {
  const open = async (changes: { cluster?: typeof definition; configFile?: string }): Promise<string> => {
    const { cluster = lab.cluster, configFile = lab.ssh.configFile ?? '' } = changes
    const ssh = { ...lab.ssh, configFile }
    const failure = await failureOf(openSshCluster({ on: 'images', definition, cluster, env: process.env, ssh, signal }))
    expect(failure.message).toContain('3 of 3 machines cannot be rehearsed on, and nothing was changed')
    return failure.message
  }

  const otherConfig = async (change: (text: string) => string): Promise<string> => {
    const configFile = join(directory, 'ssh_config')
    await writeFile(configFile, change(await readFile(lab.ssh.configFile ?? '', 'utf8')))
    return configFile
  }

  test('where its host key is not known', async () => {
    const configFile = await otherConfig((text) => text.replace(/UserKnownHostsFile .*/, 'UserKnownHostsFile /dev/null'))
    expect(await open({ configFile })).toMatch(/^db-2: db-2 \(admin@10\.77\.0\.12\) has a host key that is not known here/m)
  })

  test('where it does not let this key in', async () => {
    const { privateKeyFile } = await makeSshKey(directory)
    const configFile = await otherConfig((text) => text.replace(/IdentityFile .*/, `IdentityFile "${privateKeyFile}"`))
    expect(await open({ configFile })).toMatch(/^db-1: db-1 \(admin@10\.77\.0\.11\) does not let this key in: .*publickey/m)
  })

  test('where it is another one than the definition says', async () => {
    const [app, primary, replica] = lab.cluster.nodes
    if (app === undefined || primary === undefined || replica === undefined) throw new Error('the lab has three machines')
    const nodes = [
      { ...app, address: replica.address },
      { ...primary, address: app.address },
      { ...replica, address: primary.address },
    ]
    const message = await open({ cluster: { ...lab.cluster, nodes } })
    expect(message).toMatch(/^app-1: it is not app-1: it is db-2 of the cluster lab, from an image for replica\./m)
    expect(message).toMatch(/^db-1: it is not db-1: it is app-1 of the cluster lab, from an image for docker\./m)
  })
})

describe('the drills on machines that were made from the images', () => {
  let site: Site
  let rehearsed: RehearsedDrill[]

  beforeAll(async () => {
    site = await labSite(lab, { definition, env: process.env, signal })
    const origin = await runOrigin(definition, 'images', import.meta.dirname, process.env)
    const planned = planDrills(allDrills, [], drills)
    const onEnd = ({ record, verdict }: RehearsedDrill): void => console.log(`${record.name}: ${verdict}`)
    rehearsed = await rehearse({ site, planned, origin, results: directory, signal, onDrill: () => undefined, onEnd })
  })

  test.each(drills)('%s', (name) => {
    const found = rehearsed.find(({ record }) => record.name === name)
    expect(found, JSON.stringify(found?.record.measurements)).toMatchObject({
      verdict: 'passed',
      record: { on: 'images', state: 'complete', restored: true, findings: [] },
    })
  })
})
