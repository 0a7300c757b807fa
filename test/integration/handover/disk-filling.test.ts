import { expect, test } from 'vitest'
import { diskFilling } from '../../../handover/drills/disk-filling.ts'
import { changedSite } from '../../support/changed-site.ts'
import { measured, useDrillSite } from '../../support/drill-site.ts'
import { evidence, useRehearsal } from '../../support/rehearsed.ts'

const site = useDrillSite()
const rehearse = useRehearsal()

// Only root may mount the disk that is filled.
const isRoot = process.getuid?.() === 0

test.runIf(isRoot)('people are told of a disk that fills while the primary still takes writes, and of the end', async () => {
  const done = await rehearse(site(), diskFilling)
  expect([done.record.findings, done.record.reason, done.verdict]).toEqual([[], undefined, 'passed'])
  const keys = done.record.events.map(({ key }) => key)
  expect(keys).toEqual(expect.arrayContaining(['fillBegun', 'alertRaised', 'writesRefused', 'roomFreed', 'alertRecovered']))
  expect(keys.indexOf('alertRaised')).toBeLessThan(keys.indexOf('writesRefused'))
  expect(measured(done, 'writtenAfterAlert')?.value).toBeGreaterThan(0)
  expect(evidence(done, 'diskFilling').at(-1)?.finding).toMatch(/^fail: .* leave at most .* at least 15 %$/)
  const { total, free } = (await site().disk?.room('db-1', new AbortController().signal)) ?? { total: 0, free: 0 }
  expect(free).toBeGreaterThan(total / 2)
})

test.runIf(isRoot)('a limit that leaves people no time fails it: the primary refuses writes before they are told', async () => {
  const { cluster } = site()
  const late = { ...cluster, replication: { ...cluster.replication, minDiskFreePercent: 1 } }
  const done = await rehearse(changedSite(site(), { cluster: late }), diskFilling)
  expect(done.verdict).toBe('failed')
  expect(measured(done, 'pollsToAlert')).toMatchObject({ samples: 0 })
  expect(done.record.events.map(({ key }) => key)).toContain('writesRefused')
  expect(done.record.restored).toBe(true)
})

test('a site without a disk that may be filled is told so', async () => {
  const done = await rehearse(changedSite(site(), { disk: undefined } as never), diskFilling)
  expect([done.verdict, done.record.state]).toEqual(['not run', 'skipped'])
  expect(done.record.reason).toMatch(/no disk that may be filled/)
})
