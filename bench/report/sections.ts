import type { BenchReport, DatasetName, Operation } from '../results.ts'
import { summarise } from '../statistics.ts'
import { formatBytes, formatSeconds, toolLabel } from './format.ts'
import { table } from './markdown.ts'
import { judge } from './targets.ts'

/** The goals with their verdicts, the missed ones named first. */
export function targetsSection(report: BenchReport): string {
  const targets = judge(report)
  const missed = targets.filter(({ met }) => met === false).length
  const open = targets.filter(({ met }) => met === undefined).length
  const sum = `${targets.length - missed - open} met, ${missed} missed${open === 0 ? '' : `, ${open} not measured`}.`
  const word = (met: boolean | undefined) => (met === undefined ? 'not measured' : met ? 'met' : '**missed**')
  const rows = targets.map(({ goal, measured, met }) => [goal, measured, word(met)])
  return `${sum}\n\n${table(['Goal', 'Measured', ''], rows, 3)}`
}

/** One operation on one dataset: a line per tool; empty when it was not measured. */
export function timesTable(report: BenchReport, dataset: DatasetName, operation: Operation): string {
  const summaries = summarise(report.measurements, dataset, operation)
  if (summaries.length === 0) return ''
  const own = summaries[0]?.seconds ?? Number.NaN
  const stores = operation === 'backup'
  const head = ['Tool', 'Best', 'Median', 'Of Ballast', ...(stores ? ['Stored'] : []), 'Peak memory']
  const rows = summaries.map((one) => [
    toolLabel(one.tool, operation, report.uploader),
    formatSeconds(one.seconds),
    formatSeconds(one.medianSeconds),
    `${(one.seconds / own).toFixed(2)}`,
    ...(stores ? [formatBytes(one.storedBytes)] : []),
    formatBytes(one.peakRssBytes),
  ])
  return table(head, rows)
}

/** Where the CPU time of one operation went; empty when it was not measured. */
export function cpuTable(report: BenchReport, dataset: DatasetName, operation: Operation): string {
  const summaries = summarise(report.measurements, dataset, operation)
  if (summaries.length === 0) return ''
  const head = ['Tool', 'Tool', 'PostgreSQL', 'S3 server', 'Sum', 'Busiest thread', 'Busiest backend', 'Best']
  const rows = summaries.map((one) => [
    toolLabel(one.tool, operation, report.uploader),
    ...[one.clientCpuSeconds, one.serverCpuSeconds, one.storeCpuSeconds].map(formatSeconds),
    formatSeconds(one.clientCpuSeconds + one.serverCpuSeconds + one.storeCpuSeconds),
    formatSeconds(one.busiestThreadSeconds),
    formatSeconds(one.busiestBackendSeconds),
    formatSeconds(one.seconds),
  ])
  return table(head, rows)
}

/** Ballast's peak memory by size; empty when it was not measured. */
export function memoryTable({ memory }: BenchReport): string {
  if (memory.length === 0) return ''
  const rows = memory
    .toSorted((a, b) => a.operation.localeCompare(b.operation) || a.size - b.size)
    .map(({ operation, textBytes, peakRssBytes }) => [operation, formatBytes(textBytes), formatBytes(peakRssBytes)])
  return table(['Operation', 'Rows as text', 'Peak memory'], rows)
}

/** What was measured on what. */
export function setupSection(report: BenchReport): string {
  const { machine, datasets, uploaderTrials, uploader } = report
  const facts = [
    ['Processor', `${machine.cpu}, ${machine.cores} cores`],
    ['Memory', formatBytes(machine.memoryBytes)],
    ['System', machine.system],
    ...Object.entries(machine.versions),
    [
      'PostgreSQL settings',
      Object.entries(machine.settings)
        .map(([name, value]) => `${name} = ${value}`)
        .join(', '),
    ],
  ]
  const data = datasets.map(({ name, tables, rows, textBytes, diskBytes }) => [
    name,
    tables.toLocaleString('en'),
    rows.toLocaleString('en'),
    formatBytes(textBytes),
    formatBytes(diskBytes),
  ])
  const trials = uploaderTrials.map(({ name, version, seconds, cpuSeconds }) => [
    name === uploader ? `**${name}**` : name,
    version,
    formatSeconds(seconds),
    formatSeconds(cpuSeconds),
  ])
  return [
    table(['', ''], facts, 2),
    table(['Database', 'Tables', 'Rows', 'As text', 'On disk'], data),
    `The stock pipelines upload and download with **${uploader}**, the fastest of the stock clients (rclone without its wait for
"100 Continue", which this server does not send; else with default settings):`,
    table(['Client', 'Version', 'Upload of the sample', 'CPU'], trials, 2),
  ].join('\n\n')
}
