import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a step is called with. */
export type StepEvent = { step: string; database: string; set: string } & Record<string, unknown>

/** What Lambda is answered; a process that was killed answers `Sandbox.Timedout`. */
export type StepAnswer = { result: unknown } | { errorType: string; errorMessage: string }

/** How an execution of the state machine ended. */
export type ExecutionEnd = { ok: true; outcome: unknown } | { ok: false; error: string; abort: StepAnswer }

export interface MachineOptions {
  /** Path of the definition. */
  definition: string
  env: Record<string, string>
  /** A function's time. */
  limitMs: number
  /** Of the map over batches. */
  workers: number
  /** Sees every call begin; may kill its process, now or later. */
  onStart?: (event: StepEvent, child: ChildProcess) => void
  /** Sees every answer. */
  onAnswer?: (event: StepEvent, answer: StepAnswer) => void
  /** Rewrites the list of batches that the map is given. */
  readItems(items: { bucket: string; key: string }): Promise<{ batch: number }[]>
}

const program = join(import.meta.dirname, 'programs/fan-out-step.ts')
const attempts = 5

/**
 * Does what the state machine does, with every task a process of its own that is killed when a function's time is over: two
 * holders that alternate; the plan, then all batches and the description side by side, then the end; on any failure the abort.
 */
export class FanOutMachine {
  readonly #options: MachineOptions
  readonly #run: { database: string; set: string }
  readonly #children = new Map<ChildProcess, StepEvent>()
  #over = false

  constructor(run: { database: string; set: string }, options: MachineOptions) {
    this.#run = run
    this.#options = options
  }

  async execute(): Promise<ExecutionEnd> {
    try {
      const [, , outcome] = await Promise.all([this.#holdOn(), this.#holdOn(), this.#work()])
      return { ok: true, outcome }
    } catch (error) {
      if (this.#over) return { ok: false, error: 'interrupted', abort: { result: undefined } }
      this.#over = true
      const failed = error as StepError
      const abort = await this.call({
        step: 'abort',
        ...this.#run,
        error: { Error: failed.name, Cause: failed.cause as string },
      })
      return { ok: false, error: `${failed.name}: ${failed.message}`, abort }
    }
  }

  /** Kills what is at work on a step, and says how many that were. */
  kill(step: string): number {
    const [...found] = [...this.#children].filter(([, event]) => event.step === step)
    for (const [child] of found) child.kill('SIGKILL')
    return found.length
  }

  /** Ends as if the machine itself had gone: nothing more is called, and what is at work dies, except for the holders. */
  interrupt(): void {
    this.#over = true
    for (const [child, { step }] of this.#children) if (step !== 'hold') child.kill('SIGKILL')
  }

  /** Resolves when nothing is at work any more. */
  async settled(): Promise<void> {
    while (this.#children.size > 0) await sleep(100)
  }

  async #holdOn(): Promise<void> {
    for (;;) {
      const { more, waitSeconds } = (await this.#task({ step: 'hold' })) as { more: boolean; waitSeconds: number }
      if (!more || this.#over) return
      await sleep(waitSeconds * 1000)
    }
  }

  async #work(): Promise<unknown> {
    const planned = (await this.#task({ step: 'await-plan' })) as { items: { bucket: string; key: string } }
    const items = await this.#options.readItems(planned.items)
    await Promise.all([this.#map(items), this.#task({ step: 'describe' })])
    return await this.#task({ step: 'finish' })
  }

  async #map(items: readonly { batch: number }[]): Promise<void> {
    const waiting = items.values()
    const worker = async (): Promise<void> => {
      for (const { batch } of waiting) {
        if (this.#over) return
        await this.#task({ step: 'copy', batch })
      }
    }
    await Promise.all(Array.from({ length: this.#options.workers }, worker))
  }

  /** A task with its retries; everything but a refusal is tried again. */
  async #task(input: Record<string, unknown> & { step: string }): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.call({ ...input, ...this.#run })
      if ('result' in answer) return answer.result
      const again = ['TransientFailure', 'Sandbox.Timedout'].includes(answer.errorType) && attempt < attempts && !this.#over
      if (!again) throw new StepError(answer.errorType, `${input.step}: ${answer.errorMessage}`, JSON.stringify(answer))
      await sleep(500)
    }
  }

  /** One call in a process. */
  async call(event: StepEvent): Promise<StepAnswer> {
    const { definition, env, limitMs, onStart, onAnswer } = this.#options
    const args = [program, definition, String(limitMs), JSON.stringify(event)]
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#children.set(child, event)
    let output = ''
    let errors = ''
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()))
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
    let timer: NodeJS.Timeout | undefined
    child.stdout.once('data', () => {
      timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    })
    onStart?.(event, child)
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
    clearTimeout(timer)
    this.#children.delete(child)
    const answer: StepAnswer =
      code === 0
        ? (JSON.parse(output.trim().split('\n').at(-1) ?? '') as StepAnswer)
        : { errorType: 'Sandbox.Timedout', errorMessage: `the process ended with ${code ?? signal}: ${errors}` }
    onAnswer?.(event, answer)
    return answer
  }
}

class StepError extends Error {
  constructor(name: string, message: string, cause: string) {
    super(message, { cause })
    this.name = name
  }
}
