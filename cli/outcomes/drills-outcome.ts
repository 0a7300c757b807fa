import { abortFailure } from '../../functions/platform/abort.ts'
import type { Outcome, OutcomeNumbers } from '../../functions/platform/outcome.ts'
import { longestNote } from '../../functions/runtime/rehearsals/lengths.ts'
import type { RehearsedDrill } from '../../handover/drills/rehearse.ts'
import { isMet, type Measurement } from '../../handover/records/measurement.ts'
import type { Verdict } from '../../handover/records/verdict.ts'
import type { Site } from '../../handover/sites/site.ts'
import { formatDuration } from '../terminal/format.ts'
import { limitText, measurementName, valueText } from '../terminal/measurement-text.ts'
import type { Style } from '../terminal/style.ts'

/** How a rehearsal went: well only when every drill that the definition does not leave out has passed. */
export function drillsOutcome(
  subject: string,
  on: Site['on'],
  rehearsed: readonly RehearsedDrill[],
  seconds: number,
  signal: AbortSignal,
): Outcome {
  const details = { drills: rehearsed.map(({ record, verdict, path }) => ({ drill: record.name, verdict, record: path })) }
  const shared = { operation: 'rehearse', subject, numbers: { on, ...counts(rehearsed), seconds }, details }
  if (signal.aborted) {
    const { kind, message, code } = abortFailure(signal, subject)
    const hint = 'What was changed was put back; the record of each drill says what is left. Run it again.'
    return { ...shared, ok: false, failure: { kind, message, hint, ...(code === undefined ? {} : { code }) } }
  }
  const missed = rehearsed.filter(({ verdict, leftOut }) => !leftOut && verdict !== 'passed')
  const asked = rehearsed.filter(({ leftOut }) => !leftOut)
  if (missed.length === 0 && asked.length > 0) return { ...shared, ok: true }
  const names = missed.map(({ record, verdict }) => `${record.name} (${verdict})`).join(', ')
  const message =
    asked.length === 0 ? 'no drill was run: the definition leaves them all out' : `${names} of ${asked.length} drills`
  const hint =
    'Read the record of each: what was measured against which limit, and what is wrong. docs/drills.md says what to do.'
  return { ...shared, ok: false, failure: { kind: 'unwell', message: `not passed: ${message}`, hint } }
}

/** What is filed of a rehearsal, in the words of a person. */
export function drillsNote(on: Site['on'], rehearsed: readonly RehearsedDrill[]): string {
  const { passed, failed, notRun, leftOut } = counts(rehearsed)
  const missed = rehearsed.filter(({ verdict, leftOut: out }) => !out && verdict !== 'passed')
  const names = missed.map(({ record, verdict }) => `${record.name}: ${verdict}`)
  const numbers = `on ${places[on]}: ${passed} passed, ${failed} failed, ${notRun} not run, ${leftOut} left out by the definition`
  return [numbers, ...names].join('; ').slice(0, longestNote)
}

/** One drill that has ended: its verdict, and how long it took. */
export function drillLine({ record, verdict, leftOut }: RehearsedDrill, style: Style): string {
  const { name, startedAt, endedAt } = record
  const took = formatDuration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)
  return `  ${leftOut ? style.dim('left out') : wordOf(verdict, style)} ${name} ${style.dim(`(${took})`)}`
}

/** All of it, with where the records are. */
export function drillsText(
  rehearsed: readonly RehearsedDrill[],
  seconds: number,
  filedAt: string | undefined,
  style: Style,
): string {
  const { passed, failed, notRun, leftOut } = counts(rehearsed)
  const lines = rehearsed.map((one) => {
    return `${[drillLine(one, style), ...drillWords(one, style), style.dim(one.path)].join('\n      ')}\n`
  })
  const filed = filedAt === undefined ? '' : `filed as a drill: ${filedAt}\n`
  const sum = `${passed} passed, ${failed} failed, ${notRun} not run, ${leftOut} left out, in ${formatDuration(seconds)}`
  return `${lines.join('')}${sum}\n${filed}`
}

/** What it measured against a limit, and what is wrong. */
function drillWords({ record: { reason, findings, measurements } }: RehearsedDrill, style: Style): string[] {
  const limited = measurements.filter(({ limit }) => limit !== undefined).map((one) => measuredText(one, style))
  return [...limited, ...(reason === undefined ? [] : [reason]), ...findings]
}

const places: Readonly<Record<Site['on'], string>> = {
  sandbox: 'a sandbox',
  images: 'guests of the baked images',
  cluster: 'the machines of the cluster',
}

function counts(rehearsed: readonly RehearsedDrill[]) {
  const asked = rehearsed.filter(({ leftOut }) => !leftOut)
  const of = (verdict: Verdict): number => asked.filter((one) => one.verdict === verdict).length
  const leftOut = rehearsed.length - asked.length
  return { passed: of('passed'), failed: of('failed'), notRun: of('not run'), leftOut } satisfies OutcomeNumbers
}

function measuredText(measurement: Measurement, style: Style): string {
  const { key, value, unit } = measurement
  const shown = `${measurementName(key)}: ${valueText(value, unit)} (${limitText(measurement)})`
  return isMet(measurement) ? shown : style.bad(shown)
}

function wordOf(verdict: Verdict, style: Style): string {
  if (verdict === 'passed') return style.good('passed')
  return verdict === 'failed' ? style.bad('FAILED') : style.warn('not run')
}
