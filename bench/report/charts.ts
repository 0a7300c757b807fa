import type { BenchReport, DatasetName, Operation } from '../results.ts'
import { type Summary, summarise } from '../statistics.ts'
import { ballast } from '../stock/ballast.ts'
import { type Bar, type BarChart, type BarGroup, renderBarChart } from './bar-chart.ts'
import { formatBytes, formatSeconds, toolLabel } from './format.ts'

/** A chart of the report, as a file. */
export interface ChartFile {
  /** Without its directory. */
  name: string
  alt: string
  svg: string
}

const titles: Record<DatasetName, string> = {
  mixed: 'Mixed database',
  single: 'One large table',
  small: 'Small tables',
}

/** The charts that a report has numbers for. */
export function drawCharts(report: BenchReport): ChartFile[] {
  const times = (operation: Operation, datasets: readonly DatasetName[]) =>
    datasets.map((dataset) => group(report, dataset, operation, ({ seconds }) => [seconds], formatSeconds))
  const best = `seconds from the command's start to its end, best of ${report.rounds}; shorter is better`
  return [
    chart('bench-backup', 'Backup to S3', best, times('backup', ['mixed', 'single', 'small'])),
    chart('bench-restore', 'Restore from S3, to the last index', best, times('restore', ['mixed', 'single'])),
    chart(
      'bench-size',
      'Bytes stored',
      'megabytes in the store after one backup; shorter is better',
      (['mixed', 'single'] as const).map((dataset) =>
        group(report, dataset, 'backup', ({ storedBytes }) => [storedBytes], formatBytes),
      ),
    ),
    chart(
      'bench-cpu',
      'CPU time',
      'CPU seconds of the best round, all processes; shorter is better',
      (['backup', 'restore'] as const).map((operation) => ({
        ...group(report, 'mixed', operation, cpuParts, formatSeconds),
        title: `Mixed database, ${operation}`,
      })),
      ['the tool', 'PostgreSQL server', 'S3 server'],
    ),
    chart('bench-memory', 'Peak memory', 'megabytes resident, all processes of the tool; shorter is better', [
      group(report, 'mixed', 'backup', ({ peakRssBytes }) => [peakRssBytes], formatBytes),
      memoryGroup(report),
    ]),
  ].filter((file) => file !== undefined)
}

function chart(
  name: string,
  title: string,
  subtitle: string,
  groups: readonly BarGroup[],
  series: readonly string[] = [],
): ChartFile | undefined {
  const drawn: BarChart = { title, subtitle, series, groups: groups.filter(({ bars }) => bars.length > 0) }
  if (drawn.groups.length === 0) return undefined
  return { name: `${name}.svg`, alt: `${title}: ${subtitle}`, svg: renderBarChart(drawn) }
}

function group(
  report: BenchReport,
  dataset: DatasetName,
  operation: Operation,
  parts: (summary: Summary) => number[],
  format: (value: number) => string,
): BarGroup {
  const bars = summarise(report.measurements, dataset, operation).map((summary): Bar => {
    const values = parts(summary)
    return {
      label: toolLabel(summary.tool, operation, report.uploader),
      parts: values,
      value: format(values.reduce((sum, value) => sum + value, 0)),
      own: summary.tool === ballast,
    }
  })
  return { title: titles[dataset], bars }
}

function cpuParts({ clientCpuSeconds, serverCpuSeconds, storeCpuSeconds }: Summary): number[] {
  return [clientCpuSeconds, serverCpuSeconds, storeCpuSeconds]
}

function memoryGroup({ memory }: BenchReport): BarGroup {
  const bars = memory
    .toSorted((a, b) => a.operation.localeCompare(b.operation) || a.size - b.size)
    .map(({ operation, textBytes, peakRssBytes }) => ({
      label: `${ballast} ${operation}, ${formatBytes(textBytes)} of rows`,
      parts: [peakRssBytes],
      value: formatBytes(peakRssBytes),
      own: true,
    }))
  return { title: 'Ballast at different sizes', bars }
}
