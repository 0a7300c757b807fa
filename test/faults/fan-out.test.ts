import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import type { FanOutOptions } from '../support/fan-out-case.ts'
import {
  atRequest,
  beforeStep,
  executeWith,
  expectWholeOrFailed,
  type Fault,
  type FaultEnd,
  forgottenStep,
  kill,
  lose,
  refused,
  stalled,
  throttledStep,
  unanswered,
} from '../support/fan-out-faults.ts'
import { randomFractions } from '../support/random.ts'

// Most of a run is waiting for its holders.
vi.setConfig({ maxConcurrency: 8 })
// On a server of its own, without a standby that would have to follow each of dozens of databases.
let cluster: Sandbox
beforeAll(async () => {
  cluster = await startSandbox({ pgbouncer: false, standby: false })
})
const bench = useBackupBench('fan_out_faults', { cluster: () => cluster })
const seed = Number(process.env.BALLAST_FAULT_SEED ?? 20261127)
afterAll(async () => {
  await bench.expectNoTraces()
  await cluster.stop()
})

const shortCalls: FanOutOptions = { limitMs: 30_000, holderSeconds: 5 }
const slowDown: [number, string] = [503, 'SlowDown']
const denied: [number, string] = [403, 'AccessDenied']
const broken: [number, string] = [500, 'InternalError']

/** Ends the sessions that hold the run's snapshot. */
const endSessions: Fault = async ({ one }) => {
  const { sandbox } = one.bench
  const ended = await sandbox.psql(
    sandbox.primary.adminUrl(),
    `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '${one.database}'
      AND application_name = 'ballast backup (snapshot)' AND state = 'idle in transaction'`,
  )
  expect(Number(ended)).toBeGreaterThan(0)
}

const faults: [string, FaultEnd, Fault, FanOutOptions?][] = [
  // Killed.
  ['worker is killed before its unit exists', 'whole', atRequest('PutObject', '/data/000001', kill('copy'))],
  ['worker is killed between a unit and its result', 'whole', atRequest('PutObject', '/units/000001', kill('copy'))],
  ['worker is killed before it announces', 'whole', atRequest('PutObject', '/attempts/units', kill('copy'))],
  ['worker is killed at what is only digested', 'whole', atRequest('PutObject', '/units/000000', kill('copy'))],
  ['worker is killed as it reads its batch', 'whole', atRequest('GetObject', '/batches/', kill('copy'))],
  ['schema is interrupted', 'whole', atRequest('PutObject', '/schema.dump', kill('describe'))],
  ['schema has no result', 'whole', atRequest('PutObject', '/schema.json', kill('describe'))],
  ['globals are interrupted', 'whole', atRequest('PutObject', '/globals.sql', kill('describe'))],
  ['globals have no result', 'whole', atRequest('PutObject', '/globals.json', kill('describe'))],
  ['end is interrupted at restore.sh', 'whole', atRequest('PutObject', 'restore.sh', kill('finish'))],
  ['end is interrupted at the slot', 'whole', atRequest('PutObject', '/slots/', kill('finish'))],
  ['end is interrupted at the manifest', 'whole', atRequest('PutObject', 'manifest.json', kill('finish'))],
  ['list is interrupted', 'whole', atRequest('PutObject', '/items/', kill('await-plan'))],
  ['planner is killed at the plan', 'whole', atRequest('PutObject', '/plan.zst', kill('hold')), shortCalls],
  ['planner is killed at a batch', 'whole', atRequest('PutObject', '/batches/', kill('hold')), shortCalls],
  ['holder is killed', 'failed', atRequest('PutObject', '/units/', kill('hold'))],
  ['holder loses its session', 'failed', atRequest('PutObject', '/units/', endSessions)],
  ['worker runs out of time', 'whole', stalled('/data/'), shortCalls],
  ['description runs out of time', 'whole', stalled('/schema.dump'), shortCalls],
  // Called again.
  ['list was made, and nobody heard of it', 'whole', forgottenStep('await-plan')],
  ['batch was copied, and nobody heard of it', 'whole', forgottenStep('copy')],
  ['description was stored, and nobody heard of it', 'whole', forgottenStep('describe')],
  ['set was published, and nobody heard of it', 'whole', forgottenStep('finish')],
  ['holder held, and nobody heard of it', 'whole', forgottenStep('hold')],
  // Throttled by Lambda.
  ['holder is throttled', 'whole', throttledStep('hold', 2)],
  ['list is throttled', 'whole', throttledStep('await-plan', 2)],
  ['workers are throttled', 'whole', throttledStep('copy', 3)],
  ['description is throttled', 'whole', throttledStep('describe', 2)],
  ['end is throttled', 'whole', throttledStep('finish', 2)],
  ['worker is throttled for longer than it is tried', 'failed', throttledStep('copy', 1_000)],
  ['end is throttled for longer than it is tried', 'failed', throttledStep('finish', 1_000)],
  // Lost from the store.
  ['plan is lost', 'failed', atRequest('PutObject', '/items/', lose('/plan.zst'))],
  ['batches are lost', 'failed', atRequest('PutObject', '/items/', lose('/batches/'))],
  ['results are lost', 'failed', beforeStep('finish', lose('/units/000000'))],
  ['announcements are lost', 'whole', beforeStep('finish', lose('/attempts/'))],
  ['units are lost', 'failed', beforeStep('finish', lose('/data/'))],
  ['schema is lost', 'failed', beforeStep('finish', lose('/schema.dump'))],
]

const storeFaults: [string, FaultEnd, Fault][] = [
  ['asks to slow down', 'whole', refused('PutObject', '', 12, slowDown)],
  ['asks to slow down, at the state alone', 'whole', refused('PutObject', 'snapshot.json', 4, slowDown)],
  ['refuses to give', 'whole', refused('GetObject', 'runs/', 6, slowDown)],
  ['fails within', 'whole', refused('PutObject', '/data/', 3, broken)],
  ['fails at the manifest', 'whole', refused('PutObject', 'manifest.json', 2, broken)],
  ['does not answer for a unit', 'whole', unanswered('PutObject', '/data/')],
  ['does not answer for a result', 'whole', unanswered('PutObject', '/units/')],
  ['does not answer for a state', 'whole', unanswered('PutObject', 'snapshot.json')],
  ['does not answer for the slot', 'whole', unanswered('PutObject', '/slots/')],
  ['does not answer for the manifest', 'whole', unanswered('PutObject', 'manifest.json')],
  ['lets nobody store units', 'failed', refused('PutObject', '/data/', 1_000, denied)],
  ['lets nobody store the schema', 'failed', refused('PutObject', '/schema.dump', 1_000, denied)],
  ['lets nobody decide for the slot', 'failed', refused('PutObject', '/slots/', 1_000, denied)],
  ['lets nobody store a plan', 'failed', refused('PutObject', '/plan.zst', 1_000, denied)],
]

describe('a fanned-out backup', () => {
  it.concurrent.each(faults)('whose %s is %s', async (_, expected, fault, options) => {
    const { scene, end } = await executeWith(bench, fault, options)
    expect(await expectWholeOrFailed(scene.run, end), JSON.stringify(end)).toBe(expected)
  })

  it.concurrent.each(storeFaults)('whose store %s is %s', async (_, expected, fault) => {
    const { scene, end } = await executeWith(bench, fault)
    expect(await expectWholeOrFailed(scene.run, end), JSON.stringify(end)).toBe(expected)
  })
})

describe('killed at random moments', () => {
  const steps = ['copy', 'copy', 'describe', 'await-plan', 'finish', 'hold']
  const rounds = Number(process.env.BALLAST_FAULT_ROUNDS ?? 3)
  const fractions = randomFractions(seed, rounds)
  it.concurrent.each(Array.from({ length: rounds }, (_, index) => index))(
    `number %i (seed ${seed}): a whole set, or a clear failure`,
    async (index) => {
      const step = steps[index % steps.length] ?? 'copy'
      const { scene, end } = await executeWith(bench, ({ machine }) => {
        void sleep((fractions[index] ?? 0) * 8_000).then(() => machine.kill(step))
      })
      await expectWholeOrFailed(scene.run, end)
    },
  )
})
