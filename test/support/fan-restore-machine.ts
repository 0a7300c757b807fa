import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '../../functions/platform/outcome.ts'
import type { Prepared } from '../../functions/verify/fan-out/prepare.ts'
import type { Worked } from '../../functions/verify/fan-out/work.ts'
import { type StepCallOptions, StepCalls, type StepError } from './step-calls.ts'

/** How an execution ended: `outcome` is of the step `finish`, or of `abort` when another step failed for good. */
export interface RestoreEnd {
  failed?: string
  outcome: Outcome
}

const program = join(import.meta.dirname, 'programs/fan-restore-step.ts')
/** A test does not wait half a minute for what another worker does in two seconds. */
const longestWaitMs = 1_000

/** Does what the state machine of restores does: prepare, workers side by side until nothing is left, the end; on failure the abort. */
export class FanRestoreMachine {
  readonly #run: { database: string; set: string; as: string | null }
  readonly calls: StepCalls

  constructor(run: { database: string; set: string; as: string | null }, options: Omit<StepCallOptions, 'program'>) {
    this.#run = run
    this.calls = new StepCalls({ ...options, program })
  }

  async execute(): Promise<RestoreEnd> {
    try {
      const { workers, startedMs } = await this.prepare()
      await Promise.all(workers.map(() => this.work()))
      return { outcome: (await this.task('finish', { startedMs })) as Outcome }
    } catch (thrown) {
      const { name, message, cause } = thrown as StepError
      const outcome = (await this.task('abort', { error: { Error: name, Cause: cause as string } })) as Outcome
      return { failed: `${name}: ${message}`, outcome }
    }
  }

  async prepare(): Promise<Prepared> {
    return (await this.#whileMore('prepare')) as Prepared
  }

  /** One worker, call after call, until nothing is left. */
  async work(): Promise<Worked> {
    return (await this.#whileMore('work')) as Worked
  }

  async task(step: string, more: Record<string, unknown> = {}): Promise<unknown> {
    return await this.calls.task({ step, ...this.#run, ...more })
  }

  async #whileMore(step: string): Promise<Prepared | Worked> {
    for (;;) {
      const answer = (await this.task(step)) as Prepared | Worked
      if (!answer.more) return answer
      await sleep(Math.min(longestWaitMs, answer.waitSeconds * 1000))
    }
  }
}
