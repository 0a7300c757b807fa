import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cluster, defineCluster, env as envRef } from '../../../config/index.ts'
import { formatSetName } from '../../../functions/archive/set-name.ts'
import { scheduledFreshness } from '../../../functions/freshness/scheduled-freshness.ts'
import type { Outcome } from '../../../functions/platform/outcome.ts'
import { attend } from '../../../functions/runtime/attend/attend.ts'
import { type FiledRehearsal, fileRehearsal } from '../../../functions/runtime/rehearsals/file-rehearsal.ts'
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts'
import { address, storeSet, useFileStore } from '../../support/stored-sets.ts'

const files = useFileStore()
const hourMs = 3_600_000
let hook: HttpReceiver

beforeAll(async () => {
  hook = await startHttpReceiver()
})
afterAll(() => hook?.stop())

/** A cluster with a drill every day, whose backups are in order. */
async function clusterWithBackup(grace: string): Promise<Cluster> {
  const startedMs = Math.floor(Date.now() / 1000) * 1000 - hourMs
  const instant = `${new Date(startedMs + 1000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  await storeSet(files.store(), address(formatSetName({ startedMs, run: 'daily' })), { evidence: [`${instant}-equal.json`] })
  return defineCluster({
    name: 'shop',
    nodes: [
      { name: 'app-1', role: 'docker', address: '10.0.0.10' },
      { name: 'db-1', role: 'primary', address: '10.0.0.11' },
    ],
    databases: [{ name: 'app', owner: 'app' }],
    firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32'] },
    backup: {
      source: 'primary',
      stores: [{ type: 'file', name: 'disk', directory: files.directory() }],
      retention: { keep: { daily: 30 } },
    },
    handover: { drills: { schedule: 'daily at 03:00', grace } },
    alerts: { channels: [{ type: 'webhook', name: 'own', url: hook.url, signingKey: envRef('HOOK_KEY') }] },
  })
}

const look = (cluster: Cluster): Promise<Outcome> =>
  attend('freshness', scheduledFreshness, {
    ...{ cluster, dueMs: 0, env: { HOOK_KEY: 'key' }, signal: new AbortController().signal, note: () => undefined },
  })

const told = () =>
  hook.requests.map(({ body }) => {
    const { type, key, severity } = JSON.parse(body) as Record<string, string>
    return [type, key, severity]
  })

const file = (result: FiledRehearsal['result'], hoursAgo: number) =>
  fileRehearsal(files.store(), {
    ...{ cluster: 'shop', rehearsal: 'drill', result, by: 'Ana', note: 'n', atMs: Date.now() - hoursAgo * hourMs },
  })

test('a drill that was not done is one warning, then one alarm, and its record ends it', async () => {
  const patient = await clusterWithBackup('30 days')
  await file('passed', 50)
  for (let poll = 0; poll < 3; poll += 1) expect(await look(patient)).toMatchObject({ ok: true, numbers: { checksWarn: 1 } })
  expect(told()).toEqual([['raise', 'freshness/drill', 'warning']])
  expect(JSON.parse(hook.requests[0]?.body ?? '')).toMatchObject({
    summary: expect.stringMatching(/^date: due since \d{4}-\d\d-\d\d 03:00 UTC; the last one passed on /),
    hint: expect.stringContaining('`ballast rehearse --record drill --by NAME --note TEXT`'),
  })

  const impatient = {
    ...patient,
    handover: { ...patient.handover, drills: { ...patient.handover.drills, graceSeconds: 3600 } },
  }
  for (let poll = 0; poll < 3; poll += 1) expect(await look(impatient)).toMatchObject({ ok: false })
  expect(told().slice(1)).toEqual([['worse', 'freshness/drill', 'critical']])

  await file('passed', 0)
  for (let poll = 0; poll < 3; poll += 1) expect(await look(impatient)).toMatchObject({ ok: true })
  expect(told().slice(2)).toEqual([['recovery', 'freshness/drill', 'critical']])
})
