import type { BenchReport, Measurement } from '../../../bench/results.ts'

/** A measurement of round 1 of a backup of the mixed database, with what a test cares about set. */
export function measured(tool: string, seconds: number, rest: Partial<Measurement> = {}): Measurement {
  return {
    dataset: 'mixed',
    operation: 'backup',
    tool,
    round: 1,
    seconds,
    clientCpuSeconds: 1,
    serverCpuSeconds: 2,
    storeCpuSeconds: 0.5,
    busiestThreadSeconds: 0.75,
    busiestBackendSeconds: 1.5,
    peakRssBytes: 100e6,
    storedBytes: 200e6,
    ...rest,
  }
}

/** A report of these measurements. */
export function reportOf(measurements: Measurement[], rest: Partial<BenchReport> = {}): BenchReport {
  return {
    format: 1,
    takenAt: '2026-11-22T06:00:00.000Z',
    scale: 1,
    rounds: 3,
    machine: {
      cores: 2,
      cpu: 'A Processor',
      memoryBytes: 24e9,
      system: 'Debian',
      versions: { Node: 'v24' },
      settings: { fsync: 'off' },
    },
    datasets: [{ name: 'mixed', tables: 5, rows: 10_000_000, textBytes: 2e9, diskBytes: 3e9 }],
    uploader: 'rclone',
    uploaderTrials: [{ name: 'rclone', version: 'rclone v1', seconds: 1, cpuSeconds: 0.5 }],
    measurements,
    memory: [],
    ...rest,
  }
}
