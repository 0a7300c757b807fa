import { addRequests, noRequests, type StoreRequests } from '../../functions/backup/scale/requests.ts'
import type { BenchReport, PlannedPoint, ScalingWay, StorePace } from '../results.ts'
import { formatBytes, formatRate, formatSeconds, wayNames } from './format.ts'
import { table } from './markdown.ts'

/** The same backup by more and more workers; empty when it was not measured. */
export function scalingSection({ scaling = [], scalingStore, scalingTakenAt }: BenchReport): string {
  if (scaling.length === 0 || scalingStore === undefined) return ''
  const parts = (Object.keys(wayNames) as ScalingWay[]).flatMap((way) => {
    const points = scaling.filter((point) => point.way === way)
    if (points.length === 0) return []
    const rate = ({ storedBytes, copySeconds }: (typeof points)[number]): number => storedBytes / copySeconds
    const rows = points.map((point) => [
      String(point.workers),
      formatSeconds(point.seconds),
      formatSeconds(point.copySeconds),
      formatRate(rate(point)),
      points[0] === undefined ? '' : (rate(point) / rate(points[0])).toFixed(2),
      formatSeconds(point.cpuSeconds),
    ])
    const heading = way === 'threads' ? `Workers are connections of one command, ${wayNames.threads}:` : functionsNote
    return `${heading}\n\n${table(['Workers', 'In all', 'Copying', 'Stored', 'Of one worker', 'CPU of all'], rows, 0)}`
  })
  const stored = formatBytes(scaling[0]?.storedBytes ?? 0)
  return `One table of rows that hardly compress, ${stored} stored, to ${storeText(scalingStore)}. ${dayText(scalingTakenAt)}\n\n${parts.join('\n\n')}`
}

const functionsNote = `Workers are calls of the function \`fan-out\`, bundled as it is deployed, each a process of its own on the same cores. What is in all beside the
copying is planning, and the proof at the end that the snapshot was held:`

/** What plans said against what came of them; empty when it was not measured. */
export function planSection({ plans = [], planStore, planTakenAt }: BenchReport): string {
  if (plans.length === 0 || planStore === undefined) return ''
  const rows = plans.map(({ bytes, workers, calibrates, planned, measured }) => [
    `${formatBytes(bytes)}${calibrates ? ' (rates measured here)' : ''}`,
    String(workers),
    `${planned.units} / ${measured.units}`,
    `${formatSeconds(planned.seconds)} / ${formatSeconds(measured.seconds)}`,
    deviation(planned.seconds, measured.seconds),
    `${total(planned.requests)} / ${total(measured.requests)}`,
    deviation(total(planned.requests), total(measured.requests)),
  ])
  const head = ['Tables', 'Workers', 'Units', 'Time', '', 'Requests', '']
  return `${planNote} ${dayText(planTakenAt)} To ${storeText(planStore)}.

${table(head, rows)}

${table(['Requests', ...plans.map(({ bytes }) => formatBytes(bytes))], requestRows(plans))}`
}

const planNote = `Databases of three sizes, backed up by the function \`fan-out\` in processes, and the plan of each: planned / measured. The rates are those that the
store is limited to, the start of a call that finds nothing to do, what one connection copies alone, and, of the smallest run, how long the catalogue and
\`pg_dump\` took; the other two are predicted.`

function requestRows(plans: readonly PlannedPoint[]): string[][] {
  const kinds = Object.keys(noRequests) as (keyof StoreRequests)[]
  const names: Readonly<Record<keyof StoreRequests, string>> = {
    ...{ put: 'PUT', part: 'parts', create: 'uploads begun', complete: 'uploads completed' },
    ...{ get: 'GET', head: 'HEAD', list: 'LIST' },
  }
  return kinds.map((kind) => [
    names[kind],
    ...plans.map(({ planned, measured }) => `${planned.requests[kind]} / ${measured.requests[kind]}`),
  ])
}

function total(requests: StoreRequests): number {
  return Object.values(addRequests(noRequests, requests)).reduce((sum, count) => sum + count, 0)
}

function deviation(planned: number, measured: number): string {
  const error = planned / measured - 1
  return `${error < 0 ? '' : '+'}${(error * 100).toFixed(1)} %`
}

function storeText({ bytesPerSecond, latencyMs }: StorePace): string {
  return `a store that takes ${bytesPerSecond / 1e6} MB/s over each connection and ${latencyMs} ms for each answer`
}

function dayText(takenAt: string | undefined): string {
  return takenAt === undefined ? '' : `Taken on ${takenAt.slice(0, 10)}.`
}
