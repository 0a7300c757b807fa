import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ReferenceApp, startReferenceApp } from '../../../handover/loadtest/reference-app.ts'
import { partsOf, profileScenarios } from '../../../loadtests/profiles.ts'
import { loadPlan } from '../../support/load-plan.ts'
import { missedIn, runPlan } from '../../support/load-run.ts'
import { useSandbox } from '../../support/sandbox.ts'

// The goals for latency are generous here: another test may have the processors at the same time.
const goals = { ...loadPlan([]).goals, p95Ms: 5_000, p99Ms: 8_000 }
const sandbox = useSandbox()
const database = 'load_test'
let app: ReferenceApp

beforeAll(async () => {
  await sandbox.createDatabase(database)
  app = await startReferenceApp({ databaseUrl: sandbox.pgbouncer.url(database) })
})
afterAll(() => app?.stop())

const bookedRows = async () => Number(await sandbox.psql(sandbox.primary.url(database), 'SELECT count(*) FROM entry'))

test('a smoke test of the reference application answers its questions, with rows and samples to show for it', async () => {
  const plan = loadPlan(app.targets, { goals, scenarios: profileScenarios.smoke })
  const result = await runPlan(plan)
  expect({ ended: result.ended, missed: missedIn(result) }).toEqual({ ended: 'met', missed: [] })

  const { scenarios = [], thresholds = [] } = result.summary ?? {}
  expect(scenarios.map(({ scenario, target }) => `${scenario} ${target}`)).toEqual(
    partsOf(plan).map(({ name, target }) => `${name} ${target.name}`),
  )
  expect(scenarios.every(({ latencyMs }) => latencyMs !== undefined && latencyMs.p50 > 0)).toBe(true)
  expect(thresholds.every(({ samples }) => samples > 0)).toBe(true)
  const pool = scenarios.filter(({ scenario }) => scenario === 'poolHolds')
  expect(pool.map(({ requests, failed }) => [requests, failed])).toEqual([
    [500, 0],
    [500, 0],
  ])
  const held = scenarios.find(({ scenario }) => scenario === 'websockets')
  expect([held?.requests, held?.failed]).toEqual([100, 0])

  // One in three of the requests for entries books one; each user of the pool's questions counts on from the others.
  const asked = scenarios.filter(({ target }) => target === 'entries').map(({ requests }) => Math.ceil(requests / 3))
  expect(await bookedRows()).toBe(asked.reduce((sum, one) => sum + one))

  const measured = scenarios.filter(({ scenario }) => scenario !== 'websockets')
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)
  expect(sum(result.points.map(({ requests }) => requests))).toBe(sum(measured.map(({ requests }) => requests)))
  expect(Object.fromEntries(result.answers.map(({ scenario, requests }) => [scenario, requests]))).toEqual(
    Object.fromEntries(measured.map(({ scenario, target, requests }) => [`${scenario}_${target}`, requests])),
  )
  expect(result.answers.every(({ failed, gap }) => failed === 0 && gap.recovered)).toBe(true)
})

test('isolation is shown while the neighbour is down', async () => {
  await app.stopService('consolidation')
  const result = await runPlan(loadPlan(app.targets, { goals, scenarios: ['isolation'], downTarget: 'consolidation' }))
  await app.startService('consolidation')
  expect({ ended: result.ended, missed: missedIn(result) }).toEqual({ ended: 'met', missed: [] })
  expect(result.summary?.scenarios.map(({ scenario, failed, requests }) => [scenario, failed === 0, requests > 0])).toEqual([
    ['isolation', true, true],
    ['neighbour', false, true],
  ])
  // The probes, all of which fail, are no requests of the application.
  expect(result.points.every(({ failed }) => failed === 0)).toBe(true)
})

test('isolation is not shown while the neighbour is up', async () => {
  const result = await runPlan(loadPlan(app.targets, { goals, scenarios: ['isolation'], downTarget: 'consolidation' }))
  expect({ ended: result.ended, missed: missedIn(result) }).toEqual({
    ended: 'missed',
    missed: ['neighbourDown of consolidation', 'neighbourAnswers of consolidation'],
  })
})

test('a service that goes down and comes back under load has a gap that is measured', async () => {
  const plan = loadPlan(app.targets, { goals, scenarios: ['failover'], arrangedSeconds: 8 })
  const [result] = await Promise.all([runPlan(plan), restartUnderLoad()])
  const [entries, consolidation] = result.summary?.scenarios ?? []
  expect([entries?.failed, consolidation?.failed === 0]).toEqual([0, false])
  const failed = consolidation?.failed
  const times = { fromMs: expect.any(Number), toMs: expect.any(Number) }
  expect(result.answers).toContainEqual({
    ...{ scenario: 'failover_consolidation', requests: consolidation?.requests, failed },
    gap: { ...times, recovered: true, failed },
  })
  const gap = result.answers.find(({ scenario }) => scenario === 'failover_consolidation')?.gap
  expect((gap?.toMs ?? 0) - (gap?.fromMs ?? 0)).toBeGreaterThan(1_000)
})

async function restartUnderLoad(): Promise<void> {
  const before = await bookedRows()
  await expect.poll(bookedRows, { timeout: 60_000 }).toBeGreaterThan(before + 10)
  await app.stopService('consolidation')
  const stopped = await bookedRows()
  await expect.poll(bookedRows, { timeout: 60_000 }).toBeGreaterThan(stopped + 15)
  await app.startService('consolidation')
}
