import { cp, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Cluster } from '../../config/cluster.ts'
import { definitionFile } from '../../functions/runtime/lambda/bundled-definition.ts'
import { buildDirectory, bundleDirectory, bundlePackage } from '../../serverless/function-section.ts'
import type { CasePlace } from './backup-case.ts'
import { startLambdaFunction } from './lambda-function.ts'
import { LambdaPool } from './lambda-pool.ts'
import { withAmazonProject } from './packaged-machine.ts'
import { type StateMachines, startStateMachines } from './state-machines.ts'
import type { FunctionAnswer, Tasks } from './task-bridge.ts'

/** A run, as its steps are told of it. */
export interface RunName {
  database: string
  set: string
}

/** What a step is called with. */
export type StepEvent = RunName & { step: string } & Record<string, unknown>

/** What the state machine calls the function `retention` with. */
export type RemovalEvent = { step?: never; remove: RunName }

/** A run that the state machine calls functions for. */
export interface RunTasks {
  readonly run: RunName
  call(event: StepEvent | RemovalEvent): Promise<FunctionAnswer>
  /** The list of batches, as the map reads it. */
  readList(bucket: string, key: string): Promise<Uint8Array>
}

/** The functions of one run, in sandboxes of its own. */
export interface RunFunctions {
  call(event: StepEvent | RemovalEvent): Promise<FunctionAnswer>
  /** Kills what is at work on a step, or on `remove`, and says how many that were. */
  kill(step: string): number
  /** Resolves when nothing is at work any more. */
  settle(): Promise<void>
}

/** What the fanned-out runs of one test file share. */
export interface FanOutWorld {
  readonly machines: StateMachines
  /** Lets the state machine's calls for a run find it. */
  register(tasks: RunTasks): void
  /** The functions of a definition: the bundles that are packaged, in Amazon's runtime client. */
  functions(cluster: Cluster, env: Readonly<Record<string, string>>, limitMs: number): Promise<RunFunctions>
}

const operations = ['fan-out', 'retention'] as const
const worlds = new Map<string, Promise<FanOutWorld>>()

/** Starts what the runs of a test file share, at the first of them; the file's bench ends it. */
export function fanOutWorld(place: CasePlace): Promise<FanOutWorld> {
  const known = worlds.get(place.directory) ?? startWorld(place)
  worlds.set(place.directory, known)
  return known
}

async function startWorld(place: CasePlace): Promise<FanOutWorld> {
  const runs = new Map<string, RunTasks>()
  const machines = await startStateMachines(tasksOf(runs), dirname(place.directory))
  place.atEnd(() => machines.stop())
  await withAmazonProject(async (project) => {
    await project.ballast('serverless', 'bundle')
    await cp(join(project.directory, buildDirectory), join(place.directory, buildDirectory), { recursive: true })
  })
  let count = 0
  return {
    machines,
    register: (one) => void runs.set(nameOf(one.run), one),
    functions: async (cluster, env, limitMs) => {
      count += 1
      return await runFunctions(place.directory, join(place.directory, 'functions', String(count)), { cluster, env, limitMs })
    },
  }
}

/** Each call names its run, and so does the key of each list. */
function tasksOf(runs: ReadonlyMap<string, RunTasks>): Tasks {
  const find = (run: RunName): RunTasks => {
    const machine = runs.get(nameOf(run))
    if (machine === undefined) throw new Error(`nobody knows of the run ${nameOf(run)}`)
    return machine
  }
  return {
    call: (payload) => {
      const event = payload as StepEvent | RemovalEvent
      return find(event.step === undefined ? event.remove : event).call(event)
    },
    read: (bucket, key) => {
      const [, database = '', set = ''] = /\/runs\/([^/]+)\/([^/]+)\/items\//.exec(key) ?? []
      return find({ database, set }).readList(bucket, key)
    },
  }
}

async function runFunctions(
  bundles: string,
  taskRoot: string,
  { cluster, env, limitMs }: { cluster: Cluster; env: Readonly<Record<string, string>>; limitMs: number },
): Promise<RunFunctions> {
  await cp(join(bundles, bundlePackage), join(taskRoot, bundlePackage))
  for (const operation of operations) {
    const [from, to] = [bundles, taskRoot].map((root) => join(root, bundleDirectory(operation)))
    await cp(from ?? '', to ?? '', { recursive: true })
    await writeFile(join(to ?? '', definitionFile), JSON.stringify({ cluster, certificates: {} }))
  }
  const pool = <Event>(operation: (typeof operations)[number]) => {
    const handler = `${bundleDirectory(operation)}/handler.handler`
    return new LambdaPool<Event>(() => startLambdaFunction({ taskRoot, handler, env }), limitMs)
  }
  const [steps, removal] = [pool<StepEvent>('fan-out'), pool<RemovalEvent>('retention')]
  return {
    call: (event) => (event.step === undefined ? removal.call(event) : steps.call(event)),
    kill: (step) => (step === 'remove' ? removal.kill(() => true) : steps.kill((event) => event.step === step)),
    settle: async () => {
      await steps.settle()
      await removal.settle()
    },
  }
}

function nameOf({ database, set }: RunName): string {
  return `${database}/${set}`
}
