import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { start } from '../../functions/platform/process/start.ts'

/** Begins the line of an answer, among those that the function writes of itself. */
export const answerMark = 'answer: '

/** What is called, and with what. */
export interface StepFunction {
  /** Of the function, bundled with its definition as it is deployed. */
  bundle: string
  env: Readonly<Record<string, string>>
  signal: AbortSignal
}

export type StepCall = { step: string } & Record<string, unknown>
export type StepAnswer = Record<string, unknown>

const program = join(import.meta.dirname, 'fan-out-step.ts')

/** The sandboxes of a function, as Lambda keeps them: as many as calls at a time, each used again. */
export class StepProcesses {
  readonly #function: StepFunction
  readonly #idle: StepProcess[] = []

  constructor(called: StepFunction) {
    this.#function = called
  }

  async call(event: StepCall): Promise<StepAnswer> {
    const sandbox = this.#idle.pop() ?? new StepProcess(this.#function)
    const answer = await sandbox.call(event)
    this.#idle.push(sandbox)
    return answer
  }

  /** Ends those that nobody waits for. */
  async end(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((sandbox) => sandbox.end()))
  }
}

class StepProcess {
  readonly #child: ReturnType<typeof start>
  readonly #lines: AsyncIterator<string>

  constructor({ bundle, env, signal }: StepFunction) {
    this.#child = start({ command: process.execPath, args: [program, bundle], env, stdin: true, signal })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  async call(event: StepCall): Promise<StepAnswer> {
    this.#child.stdin?.write(`${JSON.stringify(event)}\n`)
    for (;;) {
      const { value: line, done } = await this.#lines.next()
      if (done === true) return await this.#ended(event)
      if (line.startsWith(answerMark)) return JSON.parse(line.slice(answerMark.length)) as StepAnswer
    }
  }

  async end(): Promise<void> {
    this.#child.stdin?.end()
    await this.#child.done
  }

  async #ended({ step }: StepCall): Promise<never> {
    await this.#child.done
    throw new Error(`the function ended without an answer to ${step}`)
  }
}
