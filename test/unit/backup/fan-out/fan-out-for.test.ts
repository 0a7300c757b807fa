import { expect, it } from 'vitest'
import { runStateKey } from '../../../../functions/archive/keys.ts'
import { type RunState, serializeState } from '../../../../functions/archive/run-state.ts'
import { fanOutFor } from '../../../../functions/backup/fan-out/fan-out-for.ts'
import { sampleCluster } from '../../../support/definitions.ts'
import { failureOf } from '../../../support/failures.ts'
import { sampleManifest } from '../../../support/manifests.ts'
import { useFileStore } from '../../../support/stored-sets.ts'

const files = useFileStore()
const place = { cluster: 'shop', database: 'app' }
const [earlier, later] = ['2026-11-24T060000Z-daily-20261124t0600z', '2026-11-25T060000Z-daily-20261125t0600z']
const state: RunState = {
  ...{ format: 1, state: 'published', slot: 'daily', dueMs: 0, startedMs: 0, generation: 1, renewals: 0, renewMs: 20 },
}
const cluster = sampleCluster({ 'backup.fanOut': { above: '10 min' } })
const none = (): Promise<never> => Promise.reject(new Error('nothing is to be started'))
const fanOut = (start = none as (name: string, input: object) => Promise<'running' | 'ended'>) =>
  fanOutFor(
    {
      ...{ store: files.store(), place, run: 'daily-20261125t0600z', slot: 'daily', dueMs: 0 },
      signal: new AbortController().signal,
    },
    cluster,
    start,
  )
const put = (set: string, changed: Partial<RunState>) =>
  files.store().put(runStateKey({ ...place, set }), serializeState({ ...state, ...changed }))
/** A set of so many bytes that took so long. */
const made = (set: string, rawBytes: number, seconds: number) => {
  const { summary } = sampleManifest()
  const times = { startedAt: new Date(0).toISOString(), finishedAt: new Date(seconds * 1000).toISOString() }
  return { ...summary, ...times, set, rawBytes, rows: 100 }
}
const size = { rows: 100, tableBytes: 1e9 }

it('what takes one function longer than the definition lets it is fanned out', async () => {
  const { refuseTooLong } = await fanOut()
  expect(() => refuseTooLong('shop/app', [made('a', 1e9, 600)], size, 900)).not.toThrow()
  expect(() => refuseTooLong('shop/app', [made('a', 1e9, 601)], size, 900)).toThrow(
    expect.objectContaining({ code: 'TooLong' }),
  )
  expect(() => refuseTooLong('shop/app', [made('a', 1e9, 300)], size, 299)).toThrow(
    expect.objectContaining({ code: 'TooLong' }),
  )
})

it('what many functions made fast is not taken for what one can do', async () => {
  await put(earlier, {})
  const { refuseTooLong } = await fanOut()
  const byMany = made(earlier, 100e9, 500)
  expect(() => refuseTooLong('shop/app', [byMany], size, 900)).toThrow(expect.objectContaining({ code: 'TooLong' }))
  expect(() => refuseTooLong('shop/app', [byMany, made('a', 1e9, 10)], size, 900)).toThrow(
    expect.objectContaining({ code: 'TooLong' }),
  )
  expect(() => refuseTooLong('shop/app', [byMany, made('a', 1e9, 5)], size, 900)).not.toThrow()
})

it('of a database without a set the size on disk decides', async () => {
  const { refuseTooLong } = await fanOut()
  expect(() => refuseTooLong('shop/app', [], { rows: 0, tableBytes: 15e9 }, 900)).not.toThrow()
  expect(() => refuseTooLong('shop/app', [], { rows: 0, tableBytes: 15.1e9 }, 900)).toThrow(
    expect.objectContaining({ code: 'TooLong' }),
  )
})

it('a run of this slot that is at work goes on, and one of another slot is not disturbed', async () => {
  expect(await (await fanOut()).goOn()).toBeUndefined()
  await put(later, { state: 'opening', startedMs: Date.now() })
  const asked: object[] = []
  const goesOn = await fanOut((_, input) => {
    asked.push(input)
    return Promise.resolve('running')
  })
  expect(await goesOn.goOn()).toMatchObject({ ok: true, numbers: { alreadyRunning: true, set: later } })
  expect(asked).toEqual([{ database: 'app', set: later }])
  await put(later, {})
  await put(earlier, { state: 'opening', startedMs: Date.now() })
  const { goOn } = await fanOut()
  expect(await failureOf(goOn())).toMatchObject({ kind: 'transient', code: 'RunAtWork' })
})
