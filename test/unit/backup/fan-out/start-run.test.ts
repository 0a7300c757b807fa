import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { runStateKey } from '../../../../functions/archive/keys.ts'
import { parseState, type RunState, serializeState } from '../../../../functions/archive/run-state.ts'
import { fannedOutSets, findLiveRun, type RunRequest } from '../../../../functions/backup/fan-out/start-run.ts'
import { useFileStore } from '../../../support/stored-sets.ts'

const files = useFileStore()
const place = { cluster: 'shop', database: 'app' }
const set = '2026-11-25T060000Z-daily-20261125t0600z'
const address = { ...place, set }
const state: RunState = {
  ...{ format: 1, state: 'held', slot: 'daily', dueMs: 0, startedMs: 0, generation: 1, renewals: 4, renewMs: 20 },
}
const request = (): RunRequest => ({
  ...{ store: files.store(), place, run: 'daily-20261125t0600z', slot: 'daily', dueMs: 0 },
  signal: new AbortController().signal,
})
const put = (changed: Partial<RunState>) => files.store().put(runStateKey(address), serializeState({ ...state, ...changed }))
const live = async () => (await findLiveRun(request(), await fannedOutSets(request())))?.address
const stored = async () => {
  const found = await files.store().readSmall(runStateKey(address))
  return parseState(found?.bytes ?? new Uint8Array(), 'state')
}

describe('a run of the same database', () => {
  it.each<[string, Partial<RunState>]>([
    ['one that was just begun', { state: 'opening', startedMs: Date.now() }],
    ['one that somebody plans', { state: 'planning', startedMs: Date.now() }],
    ['one that is being published', { state: 'released', finishedMs: Date.now() }],
  ])('is at work: %s', async (_, changed) => {
    await put(changed)
    expect(await live()).toEqual(address)
  })

  it('is at work when its holder renews while it is watched', async () => {
    await put({})
    const renewing = sleep(60).then(() => put({ renewals: 5 }))
    expect(await live()).toEqual(address)
    await renewing
  })

  it.each<[string, Partial<RunState>]>([
    ['one whose holder is silent', {}],
    ['one that was never planned', { state: 'opening' }],
    ['one whose planner died', { state: 'planning' }],
  ])('is dead, and given up: %s', async (_, changed) => {
    await put(changed)
    expect(await live()).toBeUndefined()
    expect(await stored()).toMatchObject({ state: 'aborted', removable: true, ended: { code: 'SnapshotLost' } })
  })

  it('whose end was never heard of is given up, and left for the sweep', async () => {
    await put({ state: 'released', finishedMs: 1 })
    expect(await live()).toBeUndefined()
    expect(await stored()).toMatchObject({ state: 'aborted', removable: false })
  })

  it.each(['published', 'broken', 'aborted'] as const)('that is %s is over, and stays as it is', async (over) => {
    await put({ state: over })
    expect(await live()).toBeUndefined()
    expect(await stored()).toMatchObject({ state: over })
  })
})
