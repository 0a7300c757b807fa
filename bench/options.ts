import { parseArgs } from 'node:util'
import { Failure } from '../functions/platform/failure.ts'

/** Everything there is to measure, in the order it is done. */
export const caseNames = [
  'backup-mixed',
  'restore-mixed',
  'verify-mixed',
  'backup-single',
  'restore-single',
  'backup-small',
  'memory',
  'scaling-threads',
  'scaling-functions',
  'plan',
] as const

/**
 * One dataset under one operation; `memory` is Ballast alone on the mixed database at other sizes, `scaling` on more and more
 * workers, and `plan` what `ballast plan` says against what comes of it.
 */
export type CaseName = (typeof caseNames)[number]

/** What `npm run bench -- ...` was asked for. */
export interface BenchOptions {
  /** Size of the data, of the full 1. */
  scale: number
  /** How often each tool is measured, in turns. */
  rounds: number
  cases: readonly CaseName[]
  /** Sizes of the memory case, in multiples of `scale`. */
  memoryScales: readonly number[]
  /** Directory for the report; undefined for the usual place. */
  output: string | undefined
  /** Measure nothing: write the report again from the numbers that are there. */
  render: boolean
  help: boolean
}

/** What `--help` prints. */
export const usage = `Usage: npm run bench -- [options]

Builds its data, measures Ballast and stock tools side by side, and writes docs/benchmarks.md, docs/benchmarks.json and charts.
A run that is not whole (--scale, --rounds or --only) writes to a temporary directory instead, unless --output names one.

  --scale N            size of the data, 1 is about 2 GB per database (default 1)
  --rounds N           how often each tool runs, in turns (default 3)
  --only TEXT          only the cases whose names contain the text; may be repeated
                       (${caseNames.slice(0, 5).join(', ')},
                        ${caseNames.slice(5).join(', ')})
  --memory-scales LIST sizes at which memory is compared, in multiples of --scale (default 0.1,1; 10 needs 60 GB of disk)
  --output DIR         where the report goes
  --render             only write the report again, from benchmarks.json
  --help               this text
`

/**
 * Parses the command line.
 *
 * @throws Failure of kind `config` that names the wrong option.
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parse(args)
  return {
    scale: positive('--scale', values.scale),
    rounds: Math.max(1, Math.round(positive('--rounds', values.rounds))),
    cases: chooseCases(values.only),
    memoryScales: values['memory-scales'].split(',').map((text) => positive('--memory-scales', text)),
    output: values.output,
    render: values.render,
    help: values.help,
  }
}

/** Whether a run measures all that the published report holds. */
export function isWhole({ scale, rounds, cases }: BenchOptions): boolean {
  return scale >= 1 && rounds >= 3 && cases.length === caseNames.length
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        scale: { type: 'string', default: '1' },
        rounds: { type: 'string', default: '3' },
        only: { type: 'string', multiple: true, default: [] },
        'memory-scales': { type: 'string', default: '0.1,1' },
        output: { type: 'string' },
        render: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error))
  }
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw wrong(`${option} takes a number above 0, not "${text}"`)
}

function chooseCases(only: readonly string[]): CaseName[] {
  for (const text of only) {
    if (!caseNames.some((name) => name.includes(text))) throw wrong(`--only ${text} matches no case`)
  }
  return caseNames.filter((name) => only.length === 0 || only.some((text) => name.includes(text)))
}

function wrong(message: string): Failure {
  return new Failure(message, { kind: 'config', subject: 'options', hint: 'Run `npm run bench -- --help`.' })
}
