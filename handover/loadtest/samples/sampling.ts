import { orAborted } from '../../../functions/platform/abort.ts'
import type { LoadPoint } from '../../records/load-record.ts'

/** Reads some series of a load test, once a second. */
export interface Sampler {
  /** As in "... could not be read". */
  readonly what: string
  /** What a reading must have, sooner or later; a sampler of what may well not be there lists nothing. */
  readonly fields: readonly (keyof LoadPoint)[]
  /** @param signal fires when the reading comes too late for its point. */
  read(signal: AbortSignal): Promise<Partial<LoadPoint>>
  /** Releases what it holds; never throws. */
  close(): Promise<void>
}

/** A running sampling. */
export interface Sampling {
  /** Ends it, and tells of every series that could not be read even once, a sentence each. */
  stop(): Promise<{ points: LoadPoint[]; unread: string[] }>
}

const stepMs = 1_000
/** A reading that takes longer is given up, so that the next one is on time. */
const readWithinMs = 900
/** Over a day of seconds; then every second point is dropped, and so on. */
const mostPoints = 100_000

/** Reads all samplers at the same time, once a second from now on. What one of them cannot read is absent from the point. */
export function startSampling(
  samplers: readonly Sampler[],
  clock: { sinceStartMs(): number },
  onPoint: (point: LoadPoint) => void = () => undefined,
): Sampling {
  const points: LoadPoint[] = []
  const problems = new Map<Sampler, string>()
  const stopped = new AbortController()
  const add = async (): Promise<void> => {
    const parts = await Promise.all(samplers.map((sampler) => readingOf(sampler, stopped.signal, problems)))
    if (stopped.signal.aborted) return
    const point: LoadPoint = Object.assign({ atMs: Math.round(clock.sinceStartMs()) }, ...parts)
    points.push(point)
    if (points.length > mostPoints) points.splice(0, points.length, ...points.filter((_, index) => index % 2 === 1))
    onPoint(point)
  }
  const running = everyStep(add, stopped.signal)
  return {
    stop: async () => {
      stopped.abort()
      await running
      await Promise.all(samplers.map((sampler) => sampler.close()))
      return { points, unread: samplers.flatMap((sampler) => unreadOf(sampler, points, problems.get(sampler))) }
    },
  }
}

async function everyStep(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const began = performance.now()
  let next = began
  while (!signal.aborted) {
    await work()
    // A step that is late is left out, not made up for.
    next = Math.max(next + stepMs, began + Math.ceil((performance.now() - began) / stepMs) * stepMs)
    await pause(next - performance.now(), signal)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}

async function readingOf(sampler: Sampler, stopped: AbortSignal, problems: Map<Sampler, string>): Promise<Partial<LoadPoint>> {
  const end = AbortSignal.any([stopped, AbortSignal.timeout(readWithinMs)])
  try {
    return await orAborted(sampler.read(end), end, sampler.what)
  } catch (error) {
    const why = end.aborted ? `no answer within ${readWithinMs} ms` : messageOf(error)
    if (!stopped.aborted) problems.set(sampler, why)
    return {}
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The first point may be too early for a series that is a difference. */
function unreadOf({ what, fields }: Sampler, points: readonly LoadPoint[], problem: string | undefined): string[] {
  const missing = fields.filter((field) => points.every((point) => point[field] === undefined))
  if (missing.length === 0 || points.length < 2) return []
  return [`${what} could not be read (${missing.join(', ')}): ${problem ?? 'there was nothing to read'}`]
}
