import { randomUUID } from 'node:crypto'
import type { Cluster } from '../../config/cluster.ts'
import { fanOutWorkers } from '../../config/fan-out.ts'
import { machineDefinition } from '../../serverless/state-machine/definition.ts'
import { deployedDefinition } from '../../serverless/state-machine/known-when-deployed.ts'
import type { CasePlace } from './backup-case.ts'
import {
  type FanOutWorld,
  fanOutWorld,
  type RemovalEvent,
  type RunFunctions,
  type RunName,
  type RunTasks,
  type StepEvent,
} from './fan-out-world.ts'
import { machineRegion } from './state-machines.ts'
import type { FunctionAnswer } from './task-bridge.ts'

export type { StepEvent } from './fan-out-world.ts'

/** What a step is answered. */
export type StepAnswer = FunctionAnswer

/** How an execution of the state machine ended; of one that did not succeed with the last answer of the step that gives the run up. */
export type ExecutionEnd =
  | { ok: true; outcome: unknown }
  | { ok: false; status: string; error: string; abort: StepAnswer | undefined }

type Instead = FunctionAnswer | undefined

export interface MachineOptions {
  cluster: Cluster
  env: Record<string, string>
  /** A function's time. */
  limitMs: number
  /** The list of batches that the map is given. */
  readItems(items: { bucket: string; key: string }): Promise<{ batch: number }[]>
  /** Sees every answer of a step. */
  onAnswer?: (event: StepEvent, answer: StepAnswer) => void
  /** Answers a call in the function's place, before it or after it; undefined lets its own answer pass. */
  instead?: (event: StepEvent | RemovalEvent, answer?: FunctionAnswer) => Instead | Promise<Instead>
  /** In Amazon States Language; what is rendered for the cluster where it is left out. */
  definition?: string
}

/** The state machine of fanned-out backups with one run to work on: interpreted by moto, its tasks the functions themselves. */
export class FanOutMachine {
  readonly run: RunName
  readonly #options: MachineOptions
  readonly #world: Promise<FanOutWorld>
  readonly #functions: Promise<RunFunctions>
  readonly #machine: Promise<string>
  readonly #executions: string[] = []
  #abort: StepAnswer | undefined
  /** From the stop of all executions until the next one. */
  #isStopped = false

  constructor(run: RunName, place: CasePlace, options: MachineOptions) {
    this.run = run
    this.#options = options
    const { cluster, env, limitMs, definition = rendered(cluster) } = options
    this.#world = fanOutWorld(place)
    this.#functions = this.#world.then((world) => world.functions(cluster, env, limitMs))
    this.#machine = this.#world.then(async (world) => {
      world.register(this.#tasks())
      return await world.machines.create(`fan-out-${randomUUID()}`, definition)
    })
  }

  /** One execution, from its start to its end; there may be several. */
  async execute(): Promise<ExecutionEnd> {
    const { machines } = await this.#world
    const { database, set } = this.run
    this.#isStopped = false
    const execution = await machines.start(await this.#machine, randomUUID(), { database, set })
    this.#executions.push(execution)
    const { status, output = 'null', error = '', cause = '' } = await machines.ended(execution)
    if (status === 'SUCCEEDED') return { ok: true, outcome: JSON.parse(output) }
    return { ok: false, status, error: `${error}: ${cause}`, abort: this.#abort }
  }

  /** Stops the executions, as a person may: nothing more is called, and what is at work goes on. */
  async interrupt(): Promise<void> {
    const { machines } = await this.#world
    this.#isStopped = true
    for (const execution of this.#executions) await machines.stopExecution(execution)
  }

  /** Kills what is at work on a step, and says how many that were. */
  async kill(step: string): Promise<number> {
    return (await this.#functions).kill(step)
  }

  /** Resolves when nothing is at work any more. */
  async settled(): Promise<void> {
    await (await this.#functions).settle()
  }

  /** One call of a function, as the state machine makes it. */
  async call(event: StepEvent | RemovalEvent): Promise<FunctionAnswer> {
    const { instead, onAnswer } = this.#options
    const functions = await this.#functions
    const answer = (await instead?.(event)) ?? (await this.#answer(event, await functions.call(event)))
    if (event.step === 'abort') this.#abort = answer
    if (event.step !== undefined) onAnswer?.(event, answer)
    return answer
  }

  /** What the interpreter reaches. One that is told to stop still tries again what fails then, which AWS does not. */
  #tasks(): RunTasks {
    return {
      run: this.run,
      call: async (event) => (this.#isStopped ? stoppedAnswer : await this.call(event)),
      readList: async (bucket, key) => Buffer.from(JSON.stringify(await this.#options.readItems({ bucket, key }))),
    }
  }

  async #answer(event: StepEvent | RemovalEvent, own: FunctionAnswer): Promise<FunctionAnswer> {
    return (await this.#options.instead?.(event, own)) ?? own
  }
}

const stoppedAnswer = { errorType: 'PermanentFailure', errorMessage: 'the execution was stopped' }

const functionArn = (name: string) => `arn:aws:lambda:${machineRegion}:123456789012:function:${name}`

/** What is known of a machine that is deployed in this region. */
export const deployedValues = {
  ...{ Steps: functionArn('fan-out'), Removal: functionArn('retention') },
  ...{ Invoke: 'arn:aws:states:::lambda:invoke', GetObject: 'arn:aws:states:::s3:getObject' },
}

function rendered({ backup }: Cluster): string {
  const times = { stepSeconds: 900, removalSeconds: 900, timeoutSeconds: backup.limits.durationSeconds }
  const definition = machineDefinition({ ...times, workers: fanOutWorkers(backup) })
  return deployedDefinition(JSON.stringify(definition), deployedValues)
}
