import type { BenchOptions } from '../options.ts'
import type { BenchReport, Measurement } from '../results.ts'
import type { Uploader } from '../stock/uploaders.ts'
import type { Workshop } from '../workshop.ts'

/** One run of the benchmark: what was asked, what it is measured with, and what it has found. */
export interface Session {
  workshop: Workshop
  options: BenchOptions
  uploader: Uploader
  report: BenchReport
  /** Folders of the store that hold a backup that can be restored. */
  stored: Set<string>
}

const megabyte = 1e6

/** Keeps a measurement and says it. */
export function record(session: Session, measurement: Measurement): void {
  session.report.measurements.push(measurement)
  const { dataset, operation, tool, round, seconds, storedBytes, peakRssBytes } = measurement
  const cpu = `CPU ${measurement.clientCpuSeconds.toFixed(1)} + ${measurement.serverCpuSeconds.toFixed(1)} + ${measurement.storeCpuSeconds.toFixed(1)} s`
  const stored = storedBytes === 0 ? '' : `, ${Math.round(storedBytes / megabyte)} MB stored`
  const memory = `${Math.round(peakRssBytes / megabyte)} MB of memory`
  session.workshop.say(`${operation} ${dataset}, round ${round}: ${tool}: ${seconds.toFixed(2)} s, ${cpu}, ${memory}${stored}`)
}
