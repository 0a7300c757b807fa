import { Failure } from '../failure.ts'

/** One request, as k6 reports it while it runs. */
export interface RequestSample {
  /** k6's name of the scenario. */
  scenario: string
  /** When it ended: milliseconds since 1970. */
  atMs: number
  durationMs: number
  /** Whether the answer had the status that the script expects. */
  good: boolean
}

/** k6 writes a dozen lines for each request; this one says all that is needed of it. */
const metric = 'http_req_duration'
const columns = ['timestamp', 'metric_value', 'scenario', 'expected_response'] as const

/** Reads k6's CSV output, of which parts may end anywhere; a last line without an end is no line. */
export class SampleLines {
  #rest = ''
  #places: Record<(typeof columns)[number], number> | undefined

  /** The requests in the lines that this part completes. @throws Failure where k6 does not write what is expected. */
  read(part: string): RequestSample[] {
    const lines = `${this.#rest}${part}`.split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#places === undefined) {
      const header = lines.shift()
      if (header === undefined) return []
      this.#places = placesIn(header)
    }
    const places = this.#places
    return lines.filter((line) => line.startsWith(`${metric},`)).map((line) => sampleOf(line, places))
  }
}

function placesIn(header: string): Record<(typeof columns)[number], number> {
  const names = header.split(',')
  const places = columns.map((column) => [column, names.indexOf(column)] as const)
  const missing = places.filter(([, place]) => place < 0).map(([column]) => column)
  if (names[0] === 'metric_name' && missing.length === 0)
    return Object.fromEntries(places) as Record<(typeof columns)[number], number>
  throw unexpected(`its first line is: ${header.slice(0, 200)}`)
}

function sampleOf(line: string, places: Record<(typeof columns)[number], number>): RequestSample {
  const values = line.split(',')
  const [atMs, durationMs] = [Number(values[places.timestamp]), Number(values[places.metric_value])]
  const scenario = values[places.scenario] ?? ''
  if (scenario === '' || !Number.isFinite(atMs) || !Number.isFinite(durationMs))
    throw unexpected(`a line is: ${line.slice(0, 200)}`)
  return { scenario, atMs, durationMs, good: values[places.expected_response] === 'true' }
}

function unexpected(what: string): Failure {
  return new Failure(`k6 does not write its samples as CSV of the expected form; ${what}`, {
    kind: 'permanent',
    subject: 'k6',
    code: 'BadSamples',
    hint: 'Use the k6 that `tools/setup --handover` builds, and not another one from PATH.',
  })
}
