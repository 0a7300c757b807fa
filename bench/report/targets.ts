import type { BenchReport, DatasetName, Operation, ScalingWay } from '../results.ts'
import { type Summary, summarise } from '../statistics.ts'
import { ballast } from '../stock/ballast.ts'
import { pgbackrest } from '../stock/pgbackrest.ts'
import { formatBytes, formatRate, formatSeconds, formatTimes, wayNames } from './format.ts'

/** A goal that was set before the measuring, and what came out. */
export interface Target {
  goal: string
  measured: string
  /** undefined: this run did not measure it. */
  met: boolean | undefined
}

const limits = {
  fasterThanDump: 2.5,
  fasterThanPipeline: 1.15,
  bytesOfDump: 0.85,
  restore: { mixed: 1, single: 1.2 },
  verifyOfRestore: 1.3,
  memoryBytes: 250e6,
  memoryGrowth: 1.1,
  tenfold: 10,
  scaling: 3.4,
  planError: 0.2,
} as const

const plainDump = 'pg_dump -Fc'

/** Every goal with its verdict, computed from the best of the rounds. */
export function judge(report: BenchReport): Target[] {
  const { uploader } = report
  const big = ['mixed', 'single'] as const
  return [
    ...big.map((dataset) =>
      faster(report, dataset, 'backup', {
        goal: `Backup, ${dataset}: at least ${limits.fasterThanDump} times as fast as \`${plainDump} \\| ${uploader}\``,
        atLeast: limits.fasterThanDump,
        against: ({ tool }) => tool === plainDump,
      }),
    ),
    ...big.map((dataset) =>
      faster(report, dataset, 'backup', {
        goal: `Backup, ${dataset}: at least ${limits.fasterThanPipeline} times as fast as the fastest stock pipeline`,
        atLeast: limits.fasterThanPipeline,
        against: ({ tool }) => tool !== ballast && tool !== pgbackrest,
      }),
    ),
    ...big.map((dataset) => smaller(report, dataset)),
    ...big.map((dataset) =>
      faster(report, dataset, 'restore', {
        goal: `Restore, ${dataset}: at least ${limits.restore[dataset]} times as fast as the fastest download and \`pg_restore -j2\``,
        atLeast: limits.restore[dataset],
        against: ({ tool }) => tool !== ballast,
      }),
    ),
    verifyTime(report),
    ...(['backup', 'restore', 'verify'] as const).flatMap((operation) => memory(report, operation)),
    faster(report, 'small', 'backup', {
      goal: `Backup, small tables: no slower than \`${plainDump} \\| ${uploader}\``,
      atLeast: 1,
      against: ({ tool }) => tool === plainDump,
    }),
    ...(['threads', 'functions'] as const).map((way) => scaling(report, way)),
    plans(report),
  ]
}

interface Race {
  goal: string
  atLeast: number
  against: (summary: Summary) => boolean
}

function faster(report: BenchReport, dataset: DatasetName, operation: Operation, { goal, atLeast, against }: Race): Target {
  const summaries = summarise(report.measurements, dataset, operation)
  const own = summaries.find(({ tool }) => tool === ballast)
  const [rival] = summaries.filter(against).toSorted((a, b) => a.seconds - b.seconds)
  if (own === undefined || rival === undefined) return unmeasured(goal)
  const ratio = rival.seconds / own.seconds
  const times = `${formatSeconds(own.seconds)} against ${formatSeconds(rival.seconds)} of \`${cell(rival.tool)}\``
  return { goal, measured: `${formatTimes(ratio)} (${times})`, met: ratio >= atLeast }
}

function smaller(report: BenchReport, dataset: DatasetName): Target {
  const goal = `Bytes stored, ${dataset}: at most ${limits.bytesOfDump} of \`${plainDump}\``
  const summaries = summarise(report.measurements, dataset, 'backup')
  const own = summaries.find(({ tool }) => tool === ballast)
  const rival = summaries.find(({ tool }) => tool === plainDump)
  if (own === undefined || rival === undefined) return unmeasured(goal)
  const ratio = own.storedBytes / rival.storedBytes
  const sizes = `${formatBytes(own.storedBytes)} against ${formatBytes(rival.storedBytes)}`
  return { goal, measured: `${ratio.toFixed(2)} (${sizes})`, met: ratio <= limits.bytesOfDump }
}

function verifyTime(report: BenchReport): Target {
  const goal = `Verify, mixed: at most ${limits.verifyOfRestore} times Ballast's restore`
  const [verify] = summarise(report.measurements, 'mixed', 'verify')
  const restore = summarise(report.measurements, 'mixed', 'restore').find(({ tool }) => tool === ballast)
  if (verify === undefined || restore === undefined) return unmeasured(goal)
  const ratio = verify.seconds / restore.seconds
  const times = `${formatSeconds(verify.seconds)} against ${formatSeconds(restore.seconds)}`
  return { goal, measured: `${formatTimes(ratio)} (${times})`, met: ratio <= limits.verifyOfRestore }
}

function memory(report: BenchReport, operation: Operation): Target[] {
  const points = report.memory.filter((point) => point.operation === operation).toSorted((a, b) => a.size - b.size)
  const [smallest, largest] = [points.at(0), points.at(-1)]
  const peak = `Peak memory, ${operation}: at most ${formatBytes(limits.memoryBytes)}`
  const growth = `Peak memory, ${operation}: the same within 10 % at ten times the data`
  if (smallest === undefined || largest === undefined) return [unmeasured(peak), unmeasured(growth)]
  const most = Math.max(...points.map(({ peakRssBytes }) => peakRssBytes))
  const ratio = largest.peakRssBytes / smallest.peakRssBytes
  const sizes = `${formatBytes(smallest.peakRssBytes)} at ${formatBytes(smallest.textBytes)} of rows, ${formatBytes(largest.peakRssBytes)} at ${formatBytes(largest.textBytes)}`
  const comparable = largest.size / smallest.size >= limits.tenfold
  return [
    { goal: peak, measured: formatBytes(most), met: most <= limits.memoryBytes },
    comparable ? { goal: growth, measured: sizes, met: ratio <= limits.memoryGrowth } : unmeasured(growth),
  ]
}

/** Throughput of the copying: a command and a function have their starts to pay for, which more workers do not shorten. */
function scaling(report: BenchReport, way: ScalingWay): Target {
  const goal = `Scaling, ${wayNames[way]}: at least ${limits.scaling} times the throughput from 1 to 4 workers`
  const rateOf = (workers: number): number | undefined => {
    const point = report.scaling?.find((one) => one.way === way && one.workers === workers)
    return point && point.storedBytes / point.copySeconds
  }
  const [one, four] = [rateOf(1), rateOf(4)]
  if (one === undefined || four === undefined) return unmeasured(goal)
  const rates = `${formatRate(one)} to ${formatRate(four)}`
  return { goal, measured: `${formatTimes(four / one)} (${rates})`, met: four / one >= limits.scaling }
}

function plans({ plans: points = [] }: BenchReport): Target {
  const goal = `\`ballast plan\`: time within ${limits.planError * 100} % of what was measured, at sizes that its rates were not measured at`
  const errors = points
    .filter(({ calibrates }) => !calibrates)
    .map(({ planned, measured }) => planned.seconds / measured.seconds - 1)
  if (errors.length === 0) return unmeasured(goal)
  const measured = errors.map((error) => `${error > 0 ? '+' : ''}${(error * 100).toFixed(1)} %`).join(', ')
  return { goal, measured, met: errors.every((error) => Math.abs(error) <= limits.planError) }
}

function unmeasured(goal: string): Target {
  return { goal, measured: 'not measured', met: undefined }
}

/** A pipe would end a cell of a Markdown table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
