import { readFile } from 'node:fs/promises'
import type { LoadPoint } from '../../records/load-record.ts'
import { type ProcessorTimes, parseProcessorTimes, parseProcessTicks, processorShares } from './processor-times.ts'
import type { Sampler } from './sampling.ts'

/** The processors of this machine, and what the load generators take of them. */
export class ProcessorSampler implements Sampler {
  readonly what = 'the processors of this machine'
  readonly fields = ['cpuPercent', 'generatorCpuPercent'] as const
  readonly #generators = new Map<number, number>()
  #before: ProcessorTimes | undefined

  /** A process that makes the load, from its start on. */
  addGenerator(pid: number): void {
    this.#generators.set(pid, 0)
  }

  async read(): Promise<Partial<LoadPoint>> {
    const after = parseProcessorTimes(await readFile('/proc/stat', 'utf8'))
    if (after === undefined) throw new Error('/proc/stat has no line of all processors')
    const ticks = await this.#generatorTicks()
    const before = this.#before
    this.#before = after
    return before === undefined ? {} : processorShares(before, after, ticks)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  /** Since the reading before. What a process did after its last reading is lost with it. */
  async #generatorTicks(): Promise<number> {
    let ticks = 0
    for (const [pid, earlier] of this.#generators) {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
      const now = text === undefined ? undefined : parseProcessTicks(text)
      if (now === undefined) {
        this.#generators.delete(pid)
        continue
      }
      ticks += now - earlier
      this.#generators.set(pid, now)
    }
    return ticks
  }
}
