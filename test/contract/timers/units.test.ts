import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { Cluster } from '../../../config/index.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { renderTimers } from '../../../functions/timers/render.ts'
import { fileCluster, referenceCluster, sampleCluster } from '../../support/clusters.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'

const root = freshDirectory()
const mostExposure = 2
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }
const systemd = (command: string, ...args: string[]) => run({ command, args, env })

const clusters: [string, Cluster][] = [
  ['the reference cluster', referenceCluster],
  [
    'a small one that rehearses on a sandbox',
    sampleCluster({ 'handover.drills': { schedule: 'quarterly on 1 at 04:00', by: 'sandbox' } }),
  ],
  ['one without AWS, with names that need care', fileCluster()],
  [
    'one with directories of its own',
    fileCluster({ 'runtime.timers': { user: 'backups', stateDirectory: '/srv/"state" of 100%' } }),
  ],
]

/** Writes a cluster's files below the root; systemd asks that the program exists. */
async function write(cluster: Cluster): Promise<string[]> {
  const { files } = renderTimers(cluster, { program: '/bin/true', definition: '/etc/ballast/cluster.json' })
  for (const { path, text } of files) {
    await mkdir(dirname(join(root(), path)), { recursive: true })
    await writeFile(join(root(), path), text)
  }
  return files.map(({ path }) => join(root(), path))
}

beforeEach(() => mkdir(root()))

test.each(clusters)('systemd finds nothing wrong with the units of %s', async (_, cluster) => {
  const units = (await write(cluster)).filter((path) => /\.(service|timer)$/.test(path))
  expect(await systemd('systemd-analyze', 'verify', ...units)).toMatchObject({ stdout: '', stderr: '' })
})

test('it does find something where there is something', async () => {
  const [unit = ''] = (await write(sampleCluster())).filter((path) => path.endsWith('.timer'))
  await writeFile(unit, (await readFile(unit, 'utf8')).replace('Persistent', 'Persistant'))
  expect((await systemd('systemd-analyze', 'verify', unit)).stderr).toContain('Persistant')
})

test.each(clusters)(`no service of %s is exposed by more than ${mostExposure.toFixed(1)} of 10`, async (_, cluster) => {
  const services = (await write(cluster)).filter((path) => path.endsWith('.service'))
  for (const path of services) {
    // With a threshold (in tenths) the exit code tells; run() takes any but 0 as a failure.
    const { stdout } = await systemd('systemd-analyze', 'security', '--offline=true', `--threshold=${mostExposure * 10}`, path)
    expect(stdout).toMatch(/Overall exposure level for ballast-\S+: [01]\.\d OK/)
  }
})

test.each(clusters)('systemd makes the user and the directories of %s', async (_, cluster) => {
  const { user, stateDirectory } = cluster.runtime.timers
  await write(cluster)
  const { stderr } = await systemd('systemd-sysusers', `--root=${root()}`)
  expect(stderr).toMatch(new RegExp(`Creating user '${user}' \\(Ballast\\)`))
  expect(await readFile(join(root(), 'etc/passwd'), 'utf8')).toContain(`:Ballast:${stateDirectory}:/usr/sbin/nologin\n`)
  const made = await systemd(
    'systemd-tmpfiles',
    `--root=${root()}`,
    '--create',
    '--boot',
    '--prefix=/var',
    '--prefix=/srv',
    '--prefix=/etc',
  )
  expect(made.stderr).toBe('')
  const { stdout } = await systemd('stat', '-c', '%a', join(root(), stateDirectory), join(root(), 'etc/ballast/credentials'))
  expect(stdout).toBe('750\n700\n')
})
