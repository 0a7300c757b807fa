import { AnswerFinder, type Answers } from './answers.ts'
import type { RequestSample } from './sample-lines.ts'

/** What the requests of one step of time were like. */
export interface SeriesPoint {
  /** End of the step: milliseconds since 1970. */
  endMs: number
  requests: number
  failed: number
  /** Of good answers, in milliseconds; absent without one. */
  latencyMs?: { p50: number; p95: number; p99: number }
}

/** Requests over time, and how those of each scenario were answered. */
export interface RequestSeries {
  points: SeriesPoint[]
  answers: Answers[]
}

/** k6 writes its samples once a second, nearly in order: a step is whole when there is one so much later. */
const settledAfterMs = 5_000

/** Adds samples up step by step, so that hours of them take no more memory than seconds. */
export class SeriesBuilder {
  readonly #stepMs: number
  readonly #scenarios: ReadonlySet<string>
  readonly #open = new Map<number, RequestSample[]>()
  readonly #points: SeriesPoint[] = []
  readonly #answers = new AnswerFinder()
  /** Steps up to this one are closed. */
  #closedStep = 0

  /** @param scenarios those whose requests count. */
  constructor(stepMs: number, scenarios: readonly string[]) {
    this.#stepMs = stepMs
    this.#scenarios = new Set(scenarios)
  }

  add(sample: RequestSample): void {
    if (!this.#scenarios.has(sample.scenario)) return
    const step = Math.max(Math.floor(sample.atMs / this.#stepMs), this.#closedStep + 1)
    const samples = this.#open.get(step)
    if (samples === undefined) {
      this.#open.set(step, [sample])
      this.#closeBefore((sample.atMs - settledAfterMs) / this.#stepMs)
    } else samples.push(sample)
  }

  /** Everything, once there is no more to come. */
  finish(): RequestSeries {
    this.#closeBefore(Number.POSITIVE_INFINITY)
    return { points: this.#points, answers: this.#answers.finish() }
  }

  /** @param limit a step, or part of one. */
  #closeBefore(limit: number): void {
    const ended = [...this.#open.keys()].filter((step) => step + 1 <= limit).sort((one, other) => one - other)
    for (const step of ended) {
      const samples = this.#open.get(step) ?? []
      this.#open.delete(step)
      this.#closedStep = step
      this.#points.push(pointOf((step + 1) * this.#stepMs, samples))
      for (const sample of samples.sort((one, other) => one.atMs - other.atMs)) this.#answers.add(sample)
    }
  }
}

function pointOf(endMs: number, samples: readonly RequestSample[]): SeriesPoint {
  const good = samples.filter((sample) => sample.good)
  const durations = good.map(({ durationMs }) => durationMs).sort((one, other) => one - other)
  const at = (share: number) => quantile(durations, share)
  const latencyMs = { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
  return { endMs, requests: samples.length, failed: samples.length - good.length, ...(good.length > 0 ? { latencyMs } : {}) }
}

/** As k6 has it: between two neighbours in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const [below = 0, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return below + (above - below) * (place - Math.floor(place))
}
