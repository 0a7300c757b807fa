import type { FileChange, FilePlan } from '../../functions/timers/file-plan.ts'
import type { RenderedFile } from '../../functions/timers/render.ts'
import type { LeftOut } from '../../functions/timers/runnable.ts'
import type { TimerState } from '../../functions/timers/unit-states.ts'
import { formatAge, plural } from './format.ts'
import type { Style } from './style.ts'
import { type Column, renderTable } from './table.ts'

const columns: readonly Column[] = [
  { heading: 'Unit' },
  { heading: 'Timer' },
  { heading: 'Last run' },
  { heading: 'Result' },
  { heading: 'Next run' },
]

/** The timers of a cluster as a table, with times in its time zone. */
export function timersText(states: readonly TimerState[], timeZone: string, nowMs: number, style: Style): string {
  const rows = states.map((state) => [
    state.unit,
    timerText(state, style),
    state.lastRunMs === undefined ? 'never' : localTime(state.lastRunMs, timeZone),
    resultText(state, style),
    state.nextRunMs === undefined ? '' : `${localTime(state.nextRunMs, timeZone)}, ${untilText(state.nextRunMs - nowMs)}`,
  ])
  return `${renderTable(columns, rows)}Times are of ${timeZone}.\n`
}

function timerText({ timer, enabled }: TimerState, style: Style): string {
  if (timer !== 'active') return style.bad(timer.toUpperCase())
  return enabled ? style.good('active') : style.bad('NOT ENABLED')
}

function resultText({ result, failure }: TimerState, style: Style): string {
  if (result === 'failed') return style.bad(`FAILED (${failure})`)
  if (result === 'unknown') return style.dim('not since boot')
  return result === 'ok' ? style.good(result) : result
}

function untilText(ms: number): string {
  return ms <= 0 ? 'now' : `in ${formatAge(ms / 1000)}`
}

/** `2026-11-26 03:01`. */
function localTime(ms: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(ms)
}

const verbs: Readonly<Record<FileChange, readonly [done: string, planned: string]>> = {
  new: ['written', 'would write'],
  changed: ['changed', 'would change'],
  same: ['unchanged', 'unchanged'],
  removed: ['removed', 'would remove'],
}

/** What was done, or would be done, to each file that is not as it should be. */
export function changesText({ changes }: FilePlan, planned: boolean): string {
  const different = changes.filter(({ change }) => change !== 'same')
  const rows = different.map(({ path, change }) => [verbs[change][planned ? 1 : 0], path])
  const same = changes.length - different.length
  return `${renderTable([{ heading: '' }, { heading: '' }], rows)}${plural(same, 'file')} unchanged\n`
}

/** Rendered files one after the other, each under its path. */
export function filesText(files: readonly RenderedFile[]): string {
  return files.map(({ path, text }) => `### /${path}\n${text}\n`).join('')
}

/** The lines of the timetable that have no timer, and why. */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  return leftOut.map(({ operation, schedule, reason }) => `No timer for ${operation} (${schedule}): ${reason}.\n`).join('')
}
