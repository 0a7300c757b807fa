import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Cluster } from '../../../config/index.ts'
import { rehearsalChecks } from '../../../functions/freshness/rehearsal-checks.ts'
import { fileRehearsal } from '../../../functions/runtime/rehearsals/file-rehearsal.ts'
import { readRehearsals } from '../../../functions/runtime/rehearsals/read-rehearsals.ts'
import { sampleCluster } from '../../support/clusters.ts'
import { useFileStore } from '../../support/stored-sets.ts'

const files = useFileStore()
const hourMs = 3_600_000
const signal = new AbortController().signal
const look = (cluster: Cluster, begin = true) => rehearsalChecks(cluster, { begin, env: {}, signal })
/** What was filed about the cluster, whose name is that of the sample. */
const filed = async () => [...(await readRehearsals(files.store(), 'shop', Date.now()))]

/** A cluster that keeps its records in the directory of this test. */
function cluster(drills: object = { restoreTest: 'daily at 03:00', schedule: 'quarterly on 1 at 09:00' }): Cluster {
  return sampleCluster({ 'backup.stores[1].directory': files.directory(), 'handover.drills': { store: 'nas', ...drills } })
}

/** Files that a restore test went well, so many hours ago. */
const passed = (hoursAgo: number) =>
  fileRehearsal(files.store(), {
    ...{ cluster: 'shop', rehearsal: 'restore-test', result: 'passed', by: 'Ana', note: 'n' },
    atMs: Date.now() - hoursAgo * hourMs,
  })

test('where nothing is asked for, nothing is looked at', async () => {
  const unasked = cluster({})
  await rm(files.directory(), { recursive: true })
  expect(await look(unasked)).toEqual([])
})

test('a new cluster is well, and what is asked for is noted once', async () => {
  const checks = await look(cluster())
  expect(checks.map(({ subject, name, status }) => [subject, name, status])).toEqual([
    ['restore-test', 'date', 'ok'],
    ['drill', 'date', 'ok'],
  ])
  const noted = await filed()
  expect(noted.map(([rehearsal, { result }]) => [rehearsal, result])).toEqual([
    ['drill', 'scheduled'],
    ['restore-test', 'scheduled'],
  ])
  await look(cluster())
  expect(await filed()).toEqual(noted)
})

test('a look by hand notes nothing', async () => {
  expect((await look(cluster(), false)).map(({ status }) => status)).toEqual(['ok', 'ok'])
  expect(await filed()).toEqual([])
})

test('from its date on it is a warning, after the grace an alarm, until it is filed; people are reminded once a day', async () => {
  await passed(50)
  const statuses = async (grace: string) =>
    (await look(cluster({ restoreTest: 'daily at 03:00', grace }))).map(({ status, remindDaily }) => [status, remindDaily])
  expect(await statuses('7 days')).toEqual([['warn', true]])
  expect(await statuses('1 hour')).toEqual([['fail', true]])
  await passed(0)
  expect(await statuses('1 hour')).toEqual([['ok', true]])
})

test.each<[string, () => Promise<unknown>, string]>([
  ['whose disk is not mounted', () => rm(files.directory(), { recursive: true }), 'does not exist'],
  [
    'that takes nothing',
    () => mkdir(join(files.directory(), 'shop')).then(() => writeFile(join(files.directory(), 'shop/.ballast'), '')),
    'Storing the object failed',
  ],
  [
    'with a record that is none',
    () => files.store().put('shop/.ballast/drills/20260101T000000Z-drill.json', Buffer.from('')),
    'is not what Ballast writes',
  ],
])('a store %s is a finding, never well', async (_, spoil, finding) => {
  await spoil()
  const checks = await look(cluster())
  expect(checks).toEqual([
    {
      ...{ subject: 'handover.drills', name: 'store', status: 'fail', fix: expect.stringMatching(/./) },
      finding: expect.stringContaining(finding),
    },
  ])
})
