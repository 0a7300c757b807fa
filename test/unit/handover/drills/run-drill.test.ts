import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Failure } from '../../../../functions/platform/failure.ts'
import type { Drill, DrillScene } from '../../../../handover/drills/drill.ts'
import { runDrill } from '../../../../handover/drills/run-drill.ts'
import type { DrillRecord } from '../../../../handover/records/drill-record.ts'
import { type Verdict, verdictOf } from '../../../../handover/records/verdict.ts'
import { quietSite } from '../../../support/quiet-site.ts'

const atMost = (value: number) => ({ is: 'at most', value, from: 'drill' }) as const
const login = { user: 'ballast_drill', password: 'x', database: 'shop' }
const origin = { format: 1, cluster: 'shop', definition: '0'.repeat(64), ballast: '0.0.0', on: 'sandbox' } as const

interface Ran {
  record: DrillRecord
  verdict: Verdict
  kept: DrillRecord[]
  restored: string[]
}

/** Runs a drill that says what puts back its two changes, and then does what the test wants. */
async function ran(
  rest: (scene: DrillScene) => Promise<void>,
  {
    site = quietSite(),
    signal = new AbortController().signal,
    ...more
  }: Partial<Drill & { site: ReturnType<typeof quietSite>; signal: AbortSignal }> = {},
): Promise<Ran> {
  const restored: string[] = []
  const drill: Drill = {
    ...{ name: 'failover', changes: 'breaks', withinSeconds: 60, obstacle: () => undefined },
    async run(scene) {
      scene.restoreBy(async () => void restored.push('first'))
      scene.restoreBy(async () => void restored.push('second'))
      await rest(scene)
    },
    ...more,
  }
  const kept: DrillRecord[] = []
  const keep = async (record: DrillRecord) => `${kept.push(structuredClone(record))}`
  const record = await runDrill(drill, { site, login, origin, signal, keep })
  return { record, verdict: verdictOf(record), kept, restored }
}

const backwards = ['second', 'first']

test('a drill that meets its limits passes, and its changes are put back, the last one first', async () => {
  const { record, verdict, restored } = await ran(async ({ record: it }) => {
    it.event('primaryStopped', 'db-1')
    it.measure('firstWrite', { value: 2, unit: 's', limit: atMost(10) })
  })
  expect(verdict).toBe('passed')
  expect(record).toMatchObject({ state: 'complete', restored: true, findings: [], cluster: 'shop' })
  expect(record.events.map(({ key }) => key)).toEqual(['primaryStopped', 'restoreBegun', 'restoreEnded'])
  expect(restored).toEqual(backwards)
})

test('before it begins, its record says that it was interrupted: what is killed leaves no gap', async () => {
  const { kept } = await ran(async ({ record }) => record.measure('firstWrite', { value: 2, unit: 's', limit: atMost(10) }))
  expect(kept).toMatchObject([
    { state: 'interrupted', restored: false, measurements: [] },
    { state: 'complete', restored: true },
  ])
  expect(kept[0]?.startedAt).toBe(kept[1]?.startedAt)
})

test.each<[string, (scene: DrillScene) => Promise<void>, Verdict, string | RegExp]>([
  [
    'a limit that is not met',
    async ({ record }) => record.measure('firstWrite', { value: 11, unit: 's', limit: atMost(10) }),
    'failed',
    'complete',
  ],
  [
    'a limit on nothing that was measured',
    async ({ record }) => record.measure('firstWrite', { value: 0, unit: 's', samples: 0, limit: atMost(10) }),
    'failed',
    'complete',
  ],
  ['something that is wrong', async ({ record }) => record.finding('A client failed.'), 'failed', 'complete'],
  ['nothing that judges', async ({ record }) => record.measure('firstWrite', { value: 2, unit: 's' }), 'not run', 'complete'],
  [
    'what keeps it from telling anything',
    () => Promise.reject(new Failure('no pgbench', { kind: 'config', subject: 'pgbench', hint: 'Install it.' })),
    'not run',
    'failed',
  ],
  ['a defect', () => Promise.reject(new TypeError('x is undefined')), 'not run', 'failed'],
])('a drill with %s does not pass, and is put back', async (_, rest, verdict, state) => {
  const done = await ran(rest)
  expect(done).toMatchObject({ verdict, restored: backwards, record: { state, restored: true } })
})

test('what it throws stands in the record with what to do, and what it measured before is kept', async () => {
  const { record, verdict } = await ran(async ({ record: it }) => {
    it.measure('firstWrite', { value: 2, unit: 's', limit: atMost(10) })
    throw new Failure('it did not stream', { kind: 'transient', subject: 'db-1', hint: 'Read its log.' })
  })
  expect(record).toMatchObject({ state: 'failed', reason: 'db-1: it did not stream. Read its log.' })
  expect(record.measurements).toHaveLength(1)
  expect(verdict).toBe('not run')
})

test('one that is stopped is put back under a signal that is not the one that stopped it', async () => {
  const stop = new AbortController()
  const seen: boolean[] = []
  const { record, verdict, restored } = await ran(
    async ({ signal, restoreBy }) => {
      restoreBy(async (end) => void seen.push(end.aborted))
      stop.abort(
        new Failure('the run was stopped by SIGINT', { kind: 'transient', subject: 'the run', hint: 'Start it again.' }),
      )
      await sleep(60_000, undefined, { signal })
    },
    { signal: stop.signal },
  )
  expect(record).toMatchObject({ state: 'interrupted', reason: 'the run: the run was stopped by SIGINT. Start it again.' })
  expect({ verdict, restored, seen }).toEqual({ verdict: 'not run', restored: backwards, seen: [false] })
})

test('one whose time is over is stopped and put back', async () => {
  const { record, restored } = await ran(({ signal }) => sleep(60_000, undefined, { signal }), { withinSeconds: 0.05 })
  expect(record).toMatchObject({ state: 'interrupted', restored: true })
  expect(record.reason).toContain('it had not ended after 0.05 s')
  expect(restored).toEqual(backwards)
})

test('what cannot be put back is a finding, the rest is put back all the same, and it fails', async () => {
  const { record, verdict, restored } = await ran(async ({ restoreBy, record: it }) => {
    it.measure('firstWrite', { value: 2, unit: 's', limit: atMost(10) })
    restoreBy(() =>
      Promise.reject(new Failure('it does not start', { kind: 'permanent', subject: 'db-1', hint: 'Read its log.' })),
    )
  })
  expect(record).toMatchObject({ state: 'complete', restored: false })
  expect(record.findings).toEqual(['Not put back: it does not start. Read its log.'])
  expect({ verdict, restored }).toEqual({ verdict: 'failed', restored: backwards })
})

test('a site that is not well before is not broken, and the record says what is wrong', async () => {
  const site = quietSite({ states: { 'db-2': 'not connected' } })
  const { record, verdict, restored, kept } = await ran(async () => undefined, { site })
  expect(record).toMatchObject({ state: 'failed', restored: true })
  expect(record.reason).toContain('db-2 does not stream from its primary (not connected)')
  expect({ verdict, restored, kept: kept.length }).toEqual({ verdict: 'not run', restored: [], kept: 1 })
})

test('what the site lacks skips the drill, with the reason and what to do', async () => {
  const obstacle = () => ({ reason: 'There is no replica', next: 'Add one.' })
  const { record, verdict, restored } = await ran(async () => undefined, { obstacle })
  expect(record).toMatchObject({ state: 'skipped', reason: 'There is no replica. Add one.', restored: true })
  expect({ verdict, restored }).toEqual({ verdict: 'not run', restored: [] })
})

test('after the rehearsal was stopped no further drill is begun', async () => {
  const { record, restored } = await ran(async () => undefined, { signal: AbortSignal.abort() })
  expect(record).toMatchObject({ state: 'skipped', reason: 'The rehearsal was stopped before it. Run it again.' })
  expect(restored).toEqual([])
})
