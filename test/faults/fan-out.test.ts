import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { runPrefix } from '../../functions/archive/keys.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import type { BackupCase } from '../support/backup-case.ts'
import { FanOutCase, type FanOutOptions, shortTerms } from '../support/fan-out-case.ts'
import { expectWholeOrFailed, type FaultEnd } from '../support/fan-out-faults.ts'
import type { ExecutionEnd, FanOutMachine } from '../support/fan-out-machine.ts'
import { randomFractions } from '../support/random.ts'
import type { S3Operation } from '../support/s3-operation.ts'

const bench = useBackupBench('fan_out_faults')
const seed = Number(process.env.BALLAST_FAULT_SEED ?? 20261127)

afterEach(() => bench.expectNoTraces())

const holders = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE application_name = 'ballast backup (snapshot)' AND state = 'idle in transaction'`

interface Scene {
  one: BackupCase
  run: FanOutCase
  machine: FanOutMachine
}

/** Runs with a fault that is set before the machine starts; the machine is known to it when the fault strikes. */
async function runWith(
  fault: (scene: Scene) => unknown,
  options: FanOutOptions = {},
): Promise<{ scene: Scene; end: ExecutionEnd }> {
  const one = await bench.begin()
  const run = await FanOutCase.begin(one, options)
  const scene = { one, run, machine: run.machine() }
  await fault(scene)
  const end = await scene.machine.execute()
  await scene.machine.settled()
  one.proxy.clear()
  return { scene, end }
}

/** Once, just before a request is passed on. */
function atRequest(operation: S3Operation, key: string, act: (scene: Scene) => unknown, after = 0): (scene: Scene) => void {
  return (scene) => {
    const run = async (): Promise<void> => {
      await act(scene)
    }
    scene.one.proxy.inject({ operation, key, after, fault: { type: 'meanwhile', run } })
  }
}

const kill =
  (step: string) =>
  ({ machine }: Scene): void => {
    expect(machine.kill(step)).toBeGreaterThan(0)
  }

const lose =
  (part: string) =>
  async ({ one, run }: Scene): Promise<void> => {
    const found: string[] = []
    for await (const page of one.truth.list(runPrefix(run.address))) found.push(...page.objects.map(({ key }) => key))
    const keys = found.filter((key) => key.includes(part))
    expect(keys).not.toEqual([])
    await one.truth.delete(keys)
  }

const throttled = (operation: S3Operation, key: string, times: number) => (scene: Scene) =>
  scene.one.proxy.inject({ operation, key, times, fault: { type: 'refuse', status: 503, code: 'SlowDown' } })

const lostAnswer = (operation: S3Operation, key: string) => (scene: Scene) =>
  scene.one.proxy.inject({ operation, key, fault: { type: 'reset', when: 'after work' } })

describe('a fanned-out backup', () => {
  it.each<[string, FaultEnd, (scene: Scene) => unknown]>([
    ['whose worker is killed before its unit exists', 'whole', atRequest('PutObject', '/data/000001', kill('copy'))],
    ['whose worker is killed between a unit and its result', 'whole', atRequest('PutObject', '/units/000001', kill('copy'))],
    ['whose worker is killed before it announces', 'whole', atRequest('PutObject', '/attempts/units', kill('copy'))],
    ['whose worker is killed at what is only digested', 'whole', atRequest('PutObject', '/units/000000', kill('copy'))],
    ['whose schema is interrupted', 'whole', atRequest('PutObject', '/schema.dump', kill('describe'))],
    ['whose schema has no result', 'whole', atRequest('PutObject', '/schema.json', kill('describe'))],
    ['whose globals have no result', 'whole', atRequest('PutObject', '/globals.json', kill('describe'))],
    ['whose end is interrupted at restore.sh', 'whole', atRequest('PutObject', 'restore.sh', kill('finish'))],
    ['whose end is interrupted at the slot', 'whole', atRequest('PutObject', '/slots/', kill('finish'))],
    ['whose end is interrupted at the manifest', 'whole', atRequest('PutObject', 'manifest.json', kill('finish'))],
    ['whose list is interrupted', 'whole', atRequest('PutObject', '/items/', kill('await-plan'))],
    ['whose planner is killed', 'whole', atRequest('PutObject', '/plan.zst', kill('hold'))],
    ['whose holder is killed', 'failed', atRequest('PutObject', '/units/', kill('hold'))],
    [
      'whose holder loses its session',
      'failed',
      atRequest('PutObject', '/units/', ({ one }) => one.bench.sandbox.psql(one.bench.sandbox.primary.adminUrl(), holders)),
    ],
    ['whose plan is lost', 'failed', atRequest('PutObject', '/items/', lose('/plan.zst'))],
    ['whose batches are lost', 'failed', atRequest('PutObject', '/items/', lose('/batches/'))],
    ['whose results are lost', 'failed', atRequest('PutObject', '/globals.json', lose('/units/000000'))],
  ])('%s is %s', async (_, expected, fault) => {
    const { scene, end } = await runWith(fault)
    expect(await expectWholeOrFailed(scene.run, end), JSON.stringify(end)).toBe(expected)
  })

  it.each<[string, (scene: Scene) => unknown]>([
    ['whose store asks to slow down', throttled('PutObject', '', 12)],
    ['whose store asks to slow down, at the state alone', throttled('PutObject', 'snapshot.json', 4)],
    ['whose store refuses to give', throttled('GetObject', 'runs/', 6)],
    ['whose answer to a unit is lost', lostAnswer('PutObject', '/data/')],
    ['whose answer to a state is lost', lostAnswer('PutObject', 'snapshot.json')],
    ['whose answer to the manifest is lost', lostAnswer('PutObject', 'manifest.json')],
  ])('%s is whole', async (_, fault) => {
    const { scene, end } = await runWith(fault)
    expect(await expectWholeOrFailed(scene.run, end), JSON.stringify(end)).toBe('whole')
  })
})

describe('killed at random moments', () => {
  const steps = ['copy', 'copy', 'describe', 'await-plan', 'finish', 'hold']
  // Each takes half a minute, nearly all of it waiting for holders.
  const rounds = Number(process.env.BALLAST_FAULT_ROUNDS ?? 2)
  const fractions = randomFractions(seed, rounds)
  it.each(Array.from({ length: rounds }, (_, index) => index))(
    `number %i (seed ${seed}): a whole set, or a clear failure`,
    async (index) => {
      const step = steps[index % steps.length] ?? 'copy'
      const { scene, end } = await runWith(({ machine }) => {
        void sleep((fractions[index] ?? 0) * 8_000).then(() => machine.kill(step))
      }, shortTerms)
      await expectWholeOrFailed(scene.run, end)
    },
  )
})
