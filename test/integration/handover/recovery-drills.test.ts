import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pointInTime } from '../../../handover/drills/point-in-time.ts'
import { restoreAndCompare } from '../../../handover/drills/restore.ts'
import { storeUnreachable } from '../../../handover/drills/store-unreachable.ts'
import { changedSite } from '../../support/changed-site.ts'
import { measured, useDrillSite } from '../../support/drill-site.ts'
import { drilledCluster } from '../../support/drilled-cluster.ts'
import { evidence, useRehearsal } from '../../support/rehearsed.ts'
import { startS3FaultProxy } from '../../support/s3-fault-proxy.ts'

const definition = drilledCluster({
  'nodes[1].disk': '200 GB',
  'backup.pitr': { store: 'main' },
})
const site = useDrillSite(definition)
const rehearse = useRehearsal()

test('a set is restored into a new server, row by row what the source held', async () => {
  const done = await rehearse(site(), restoreAndCompare)
  expect([done.record.findings, done.record.reason, done.verdict]).toEqual([[], undefined, 'passed'])
  expect(measured(done, 'rowsCompared')).toMatchObject({ value: 200_000 })
  expect(measured(done, 'tablesDifferent')).toMatchObject({ value: 0, samples: 1 })
  expect(measured(done, 'rowsAfterSnapshot')).toMatchObject({ value: 1_000 })
  expect(measured(done, 'recoveryTime')?.limit).toEqual({ is: 'at most', value: 3600, from: 'handover.goals.recoveryTime' })
  // The drill's own set is younger than any that somebody in need would have.
  expect(measured(done, 'recoveryPoint')).toBeUndefined()
  expect(done.record.untested).toEqual([expect.stringContaining('How old the newest verified backup is')])
  // What a sandbox says of the definition's disk is no promise.
  expect(measured(done, 'projectedRecoveryTime')).not.toHaveProperty('limit')
  expect(evidence(done, 'tablesCompared')).toEqual([
    { subject: 'table ballast_drill.recovered_orders', rows: '200000', finding: 'equal' },
  ])
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('ballast-drill-'))).toEqual([])
})

test('what a loss costs is the age of the set that there was before the drill', async () => {
  const done = await rehearse(site(), restoreAndCompare)
  expect(measured(done, 'recoveryPoint')?.limit).toEqual({ is: 'at most', value: 86_400, from: 'handover.goals.recoveryPoint' })
  expect(done.record.untested ?? []).not.toContainEqual(expect.stringContaining('How old'))
})

test('a set that is damaged is not restored, and fails the drill', async () => {
  const { store } = site()
  if (store.settings.type !== 's3') throw new Error('a sandbox has an S3 server')
  const proxy = await startS3FaultProxy(store.settings.endpoint ?? '')
  proxy.inject({
    operation: 'GetObject',
    key: 'data/',
    times: Number.POSITIVE_INFINITY,
    fault: { type: 'corrupt answer', at: 100 },
  })
  const proxied = { ...store, settings: { ...store.settings, endpoint: proxy.endpoint, prefix: 'damaged' } }
  try {
    const done = await rehearse(changedSite(site(), { store: proxied }), restoreAndCompare)
    expect(done.record.findings.join()).toMatch(/Verification of .* data\/00000\d\.zst/)
    expect([done.verdict, done.record.state]).toEqual(['failed', 'failed'])
    expect(done.record.reason).toMatch(/there is no verified backup/)
    expect(done.record.restored).toBe(true)
  } finally {
    await proxy.stop()
  }
})

test('a backup whose store goes away is never listed, people are told, and the next one is whole', async () => {
  const done = await rehearse(site(), storeUnreachable)
  expect([done.record.findings, done.record.reason, done.verdict]).toEqual([[], undefined, 'passed'])
  expect(measured(done, 'attemptsSucceeded')).toMatchObject({ value: 0, samples: 4 })
  expect(measured(done, 'setsPublished')).toMatchObject({ value: 1 })
  const answers = evidence(done, 'storeAnswers')
  expect(answers.map(({ operation }) => operation)).toEqual(['backupMidway', 'backup', 'list', 'freshness'])
  for (const { result, message } of answers) {
    expect(result).toBe('refused')
    expect(message).toMatch(/check its address and port/)
  }
  const keys = done.record.events.map(({ key }) => key)
  expect(keys.indexOf('alertRaised')).toBeGreaterThan(keys.indexOf('storeCut'))
  expect(keys.indexOf('alertRaised')).toBeLessThan(keys.indexOf('storeReconnected'))
})

test('a store that is not away at all fails the drill: everything went well that was to fail', async () => {
  const nothing = { ...site().store, cut: () => Promise.resolve() }
  const done = await rehearse(changedSite(site(), { store: nothing }), storeUnreachable)
  expect(done.verdict).toBe('failed')
  expect(measured(done, 'attemptsSucceeded')).toMatchObject({ value: 4, samples: 4 })
  expect(measured(done, 'alertsRaised')).toMatchObject({ value: 0 })
  expect(done.record.findings).toContain('list went well while the store was away')
})

test('what was deleted is there again as it was at the moment before', async () => {
  const done = await rehearse(site(), pointInTime)
  expect([done.record.findings, done.record.reason, done.verdict]).toEqual([[], undefined, 'passed'])
  expect(measured(done, 'rowsDifferent')).toMatchObject({ value: 0, samples: 2_000 })
  expect(measured(done, 'archivedAfter')).toMatchObject({ samples: 1 })
  expect(measured(done, 'archiveRecoveryPoint')?.value).toBeGreaterThan(definition.postgres.archiveTimeoutSeconds)
  expect(readdirSync(join(site().sandbox.directory, 'primary')).filter((name) => name.startsWith('data-'))).toEqual([])
})

test('a recovery that misses the moment fails the drill, row by row', async () => {
  const own = site()
  const recoverTo = async (node: string, _moment: string, signal: AbortSignal) => {
    const late = await own.sql(node, 'SELECT clock_timestamp()', { signal })
    // A recovery needs a commit after the moment, in the archive, to know that it is there.
    await own.sql(node, 'CREATE TABLE later (); DROP TABLE later', { signal })
    await own.pgbackrest(node, ['check'], signal)
    return await own.recoverTo(node, late, signal)
  }
  const done = await rehearse(changedSite(own, { recoverTo }), pointInTime)
  // Half of the rows were deleted, the other half are other rows.
  expect(measured(done, 'rowsDifferent')).toMatchObject({ value: 2_000 })
  expect(done.verdict).toBe('failed')
})

test('without an archive in the definition there is nothing to rehearse, and that is said', async () => {
  const without = { ...definition, backup: { ...definition.backup, pitr: undefined } }
  const done = await rehearse(changedSite(site(), { definition: without }), pointInTime)
  expect([done.verdict, done.record.state]).toEqual(['not run', 'skipped'])
  expect(done.record.reason).toMatch(/no point-in-time recovery\. Give it backup\.pitr/)
})
