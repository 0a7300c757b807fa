import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type Failure, toFailure } from '../failure.ts'
import { privateDirectory } from '../process/private-directory.ts'
import { type Child, start } from '../process/start.ts'
import { parsedSummary, requireMissedThresholds } from './k6-end.ts'
import { type RequestSeries, SeriesBuilder } from './request-series.ts'
import { type RequestSample, SampleLines } from './sample-lines.ts'

/** A run of k6. */
export interface K6Spec {
  /** Path of k6. */
  program: string
  /** Absolute path of a script that reads its plan from PLAN_FILE and writes its summary to SUMMARY_FILE. */
  script: string
  /** Written to PLAN_FILE as JSON. */
  plan: unknown
  /** It is stopped after so long. */
  timeoutMs: number
  /** Length of the steps of the series. */
  stepMs: number
  /** k6's names of the scenarios whose requests are in the series. */
  measured: readonly string[]
  /** Hears of the process that makes the load. */
  onStart?(pid: number): void
  /** Hears of each request, about a second after it ended. */
  onSample?(sample: RequestSample): void
  /** Aborting stops the load within seconds; what was measured until then is kept. */
  signal?: AbortSignal
}

/** What a run showed. Only `met` is a success. */
export type K6Result = RequestSeries &
  (
    | { ended: 'met' | 'missed'; summary: unknown }
    /** Stopped by the signal or the time limit; there is a summary where k6 had the time to write one. */
    | { ended: 'interrupted'; reason: Failure; summary?: unknown }
  )

/**
 * Runs k6 to its end, with an environment of its own: no settings, no proxy and no extensions of the user's, no port opened,
 * nothing reported to anybody. Requests are read from its CSV output while it runs.
 *
 * @throws Failure when the run itself failed, or ended without a summary.
 */
export async function runK6(spec: K6Spec): Promise<K6Result> {
  const directory = await privateDirectory('ballast-k6-')
  try {
    const files = { plan: join(directory.path, 'plan.json'), summary: join(directory.path, 'summary.json') }
    await writeFile(files.plan, JSON.stringify(spec.plan))
    const child = startK6(spec, directory.path, files)
    if (child.pid !== undefined) spec.onStart?.(child.pid)
    const [series, end] = await Promise.all([readSeries(child, spec), endOf(child, spec)])
    const text = await readFile(files.summary, 'utf8').catch(() => undefined)
    if (end.ended !== 'interrupted') return { ...series, ended: end.ended, summary: parsedSummary(text, end.stderr) }
    // Where k6 had to be killed, its summary may be cut off: that is as good as none.
    const summary = text === undefined ? undefined : orUndefined(() => parsedSummary(text, end.reason.message))
    return { ...series, ...end, ...(summary === undefined ? {} : { summary }) }
  } finally {
    await directory.dispose()
  }
}

function startK6(spec: K6Spec, home: string, files: { plan: string; summary: string }): Child {
  const { program, script, timeoutMs, signal } = spec
  return start({
    command: program,
    args: ['run', '--address', '', '--quiet', '--no-color', '--log-format', 'raw', '--out', 'csv=-', script],
    env: {
      HOME: home,
      K6_NO_USAGE_REPORT: 'true',
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
      K6_CSV_TIME_FORMAT: 'unix_milli',
      PLAN_FILE: files.plan,
      SUMMARY_FILE: files.summary,
    },
    cwd: home,
    timeoutMs,
    // A second signal, after the terminal's, would end it before it has written its summary.
    ownSession: true,
    ...(signal === undefined ? {} : { signal }),
  })
}

async function readSeries(child: Child, { stepMs, measured, onSample }: K6Spec): Promise<RequestSeries> {
  const lines = new SampleLines()
  const series = new SeriesBuilder(stepMs, measured)
  try {
    for await (const part of child.stdout.setEncoding('utf8') as Readable & AsyncIterable<string>) {
      for (const sample of lines.read(part)) {
        series.add(sample)
        onSample?.(sample)
      }
    }
  } catch (error) {
    child.kill()
    await child.done.catch(() => undefined)
    throw error
  }
  return series.finish()
}

type End = { ended: 'met' | 'missed'; stderr: string } | { ended: 'interrupted'; reason: Failure }

async function endOf(child: Child, { signal }: K6Spec): Promise<End> {
  try {
    const { stderr } = await child.done
    return { ended: 'met', stderr }
  } catch (error) {
    const failure = toFailure(error, 'k6')
    if (signal?.aborted || failure.code === 'TIMEOUT') return { ended: 'interrupted', reason: failure }
    requireMissedThresholds(failure)
    return { ended: 'missed', stderr: failure.message }
  }
}

function orUndefined<T>(attempt: () => T): T | undefined {
  try {
    return attempt()
  } catch {
    return undefined
  }
}
