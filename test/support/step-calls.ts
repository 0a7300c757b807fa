import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a step is called with. */
export type StepEvent = { step: string; database: string; set: string } & Record<string, unknown>

/** What Lambda is answered; a process that was killed answers `Sandbox.Timedout`. */
export type StepAnswer = { result: unknown } | { errorType: string; errorMessage: string }

export interface StepCallOptions {
  /** Path of the program that does one call. */
  program: string
  /** Path of the definition. */
  definition: string
  env: Record<string, string>
  /** A function's time. */
  limitMs: number
  /** How often a task is tried; as often as the state machine does where it is left out. */
  attempts?: number
  /** Sees every call begin; may kill its process, now or later. */
  onStart?: (event: StepEvent, child: ChildProcess) => void
  /** Sees every answer. */
  onAnswer?: (event: StepEvent, answer: StepAnswer) => void
}

const defaultAttempts = 5

/** Calls of a state machine's function, each a process of its own that is killed when a function's time is over. */
export class StepCalls {
  readonly #options: StepCallOptions
  readonly #children = new Map<ChildProcess, StepEvent>()

  constructor(options: StepCallOptions) {
    this.#options = options
  }

  /** Kills what is at work, unless its step is to be spared, and says how many that were. */
  kill(wanted: (step: string) => boolean = () => true): number {
    const found = [...this.#children].filter(([, event]) => wanted(event.step))
    for (const [child] of found) child.kill('SIGKILL')
    return found.length
  }

  /** Resolves when nothing is at work any more. */
  async settled(): Promise<void> {
    while (this.#children.size > 0) await sleep(100)
  }

  /** A task with its retries; everything but a refusal is tried again. */
  async task(event: StepEvent, isOver: () => boolean = () => false): Promise<unknown> {
    const { attempts = defaultAttempts } = this.#options
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.call(event)
      if ('result' in answer) return answer.result
      const again = ['TransientFailure', 'Sandbox.Timedout'].includes(answer.errorType) && attempt < attempts && !isOver()
      if (!again) throw new StepError(answer.errorType, `${event.step}: ${answer.errorMessage}`, JSON.stringify(answer))
      await sleep(500)
    }
  }

  /** One call in a process. */
  async call(event: StepEvent): Promise<StepAnswer> {
    const { program, definition, env, limitMs, onStart, onAnswer } = this.#options
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

/** A task that failed in the end; its cause is the answer, as a state machine hands it to what catches it. */
export class StepError extends Error {
  constructor(name: string, message: string, cause: string) {
    super(message, { cause })
    this.name = name
  }
}
