import { expect, it, vi } from 'vitest'
import { runStateKey, setPrefix, unitFile } from '../../../functions/archive/keys.ts'
import { taskBytes } from '../../../functions/backup/fan-out/batches.ts'
import { readPlan } from '../../../functions/backup/fan-out/plan-document.ts'
import type { PlannedTask } from '../../../functions/backup/plan.ts'
import { assumedRates } from '../../../functions/backup/scale/rates.ts'
import { addRequests, noRequests, type StoreRequests } from '../../../functions/backup/scale/requests.ts'
import { simulateRun } from '../../../functions/backup/scale/simulate-run.ts'
import { useBackupBench } from '../../support/backup-bench.ts'
import { FanOutCase } from '../../support/fan-out-case.ts'
import type { S3Operation, SeenRequest } from '../../support/s3-operation.ts'

vi.setConfig({ testTimeout: 200_000 })
const bench = useBackupBench('plan_scale', { size: 'large' })

const kinds: Readonly<Partial<Record<S3Operation, keyof StoreRequests>>> = {
  ...{ PutObject: 'put', UploadPart: 'part', CreateMultipartUpload: 'create', CompleteMultipartUpload: 'complete' },
  ...{ GetObject: 'get', HeadObject: 'head', HeadBucket: 'head', ListObjectsV2: 'list' },
}

function count(requests: readonly SeenRequest[]): StoreRequests {
  return requests.reduce((all, { operation }) => {
    const kind = kinds[operation]
    expect(kind, operation).toBeDefined()
    return kind === undefined ? all : addRequests(all, { [kind]: 1 })
  }, noRequests)
}

/** The run that was planned, simulated with what its units became. */
async function simulate(run: FanOutCase) {
  const { plan: token } = await run.currentState()
  const { store, signal } = run.request
  const plan = await readPlan({ store, address: run.address, signal, plan: token ?? '' })
  const sizes = new Map((await run.manifest()).units.map(({ file, bytes }) => [file, bytes]))
  const storedOf = (task: PlannedTask): number => (task.type === 'unit' ? (sizes.get(unitFile(task.unit)) ?? 0) : 0)
  const bytesOf = taskBytes(plan.tableList, plan.identity.blockBytes)
  const planned = { tasks: plan.taskList, batches: plan.batchList, bytesOf, storedOf, tables: plan.tables }
  return simulateRun({ ...planned, workers: 3, holderSeconds: 40 }, assumedRates)
}

it('a run makes the requests that its simulation counts', async () => {
  const one = await bench.begin()
  const run = await FanOutCase.begin(one, { holder: '20 s' })
  const end = await run.machine().execute()
  expect(end, JSON.stringify(end)).toMatchObject({ ok: true })
  const requests = [...one.proxy.requests]
  const state = await run.currentState()
  const { requests: all, stateRequests, holders } = await simulate(run)
  const prefix = `${one.prefix}/`
  const isState = ({ key }: SeenRequest): boolean => key === prefix + runStateKey(run.address)
  const isOfRun = ({ key }: SeenRequest): boolean => key.startsWith(prefix + setPrefix(run.address))

  // A unit in several parts and units in one.
  expect(all.part).toBeGreaterThan(1)
  expect(all.put).toBeGreaterThan(all.create)
  // Each further holder reads the plan; how many there are goes by time.
  const own = addRequests(addRequests(all, stateRequests, -1), { get: state.generation - holders })
  expect(count(requests.filter((request) => !isState(request)))).toEqual(own)
  expect(requests.filter(isOfRun).length).toBeGreaterThan(0)

  // Planning, each holder, each proof of life, the release and the end; a change that another one comes before is tried again.
  const changes = count(requests.filter(isState))
  expect(changes.put).toBeGreaterThanOrEqual(1 + state.generation + state.renewals + 2)
  expect(changes.get).toBeGreaterThan(changes.put)
  expect(changes).toMatchObject({ part: 0, create: 0, complete: 0, head: 0, list: 0 })
})
