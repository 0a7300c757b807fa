import { expect, test } from 'vitest'
import { runPrefix, runStateKey, type SetAddress, setPrefix, slotKey } from '../../../functions/archive/keys.ts'
import { serializeManifest } from '../../../functions/archive/manifest.ts'
import { type RunState, serializeState } from '../../../functions/archive/run-state.ts'
import { removeRun } from '../../../functions/retention/remove-run.ts'
import { sweep } from '../../../functions/retention/sweep.ts'
import { failureOf } from '../../support/failures.ts'
import { sampleManifest } from '../../support/manifests.ts'
import { storeContent } from '../../support/store-content.ts'
import { storeSet, useFileStore } from '../../support/stored-sets.ts'

const files = useFileStore()
const run = 'daily-20261125t0600z'
const address: SetAddress = { cluster: 'shop', database: 'app', set: `2026-11-25T060000Z-${run}` }
const state: RunState = {
  ...{ format: 1, state: 'aborted', removable: true, slot: 'daily', dueMs: 0, startedMs: 0, generation: 1, renewals: 0 },
  renewMs: 1000,
}

async function storeRun(changed: Partial<RunState> = {}, of: SetAddress = address): Promise<void> {
  const store = files.store()
  await store.put(runStateKey(of), serializeState({ ...state, ...changed }))
  await store.put(`${runPrefix(of)}units/000001.json`, Buffer.from('{}'))
  await store.put(`${setPrefix(of)}data/000001.zst`, Buffer.from('rows'))
}

test('what an aborted run stored is removed, and its state stays', async () => {
  await storeRun()
  expect(await removeRun(files.store(), address)).toEqual({ removedObjects: 1, removedBytes: 4 })
  expect((await storeContent(files.store())).objects).toEqual([runStateKey(address)])
})

test.each<[string, () => Promise<unknown>]>([
  ['a run that nobody knows', () => Promise.resolve()],
  ['one at work', () => storeRun({ state: 'held', removable: false })],
  ['one that is being published', () => storeRun({ state: 'released' })],
  ['one that was aborted while it was being published', () => storeRun({ removable: false })],
  [
    'one that was decided for',
    async () => {
      await storeRun()
      const manifest = sampleManifest()
      const decided = { ...manifest, summary: { ...manifest.summary, ...address } }
      await files.store().put(slotKey(address, run), serializeManifest(decided))
    },
  ],
  [
    'one whose set exists',
    async () => {
      await storeSet(files.store(), address)
      await storeRun()
    },
  ],
])('%s is left alone', async (_, prepare) => {
  await prepare()
  const before = await storeContent(files.store())
  expect(await failureOf(removeRun(files.store(), address))).toMatchObject({ kind: 'permanent', code: 'NotRemovable' })
  expect(await storeContent(files.store())).toEqual(before)
})

test('a sweep removes the documents of old runs; of a published set the state stays as long as the set', async () => {
  const other = { ...address, set: '2026-11-26T060000Z-daily-20261126t0600z' }
  await storeSet(files.store(), other)
  await storeRun({ state: 'published' }, other)
  await storeRun()
  expect((await sweep(files.store(), { filter: {}, olderThanSeconds: 3600, dryRun: false })).removedRunObjects).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 5))
  const swept = await sweep(files.store(), { filter: { cluster: 'shop' }, olderThanSeconds: 0, dryRun: false })
  expect(swept.removedRunObjects).toBe(3)
  const { objects } = await storeContent(files.store())
  expect(objects.filter((key) => key.includes('.ballast'))).toEqual([runStateKey(other)])
})
