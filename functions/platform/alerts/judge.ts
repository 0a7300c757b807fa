import type { AlertEntry, EventType } from './alert-state.ts'
import { type AlertRules, stands } from './hysteresis.ts'
import type { Observation } from './observation.ts'

/** What nobody has looked at for this long is forgotten: it has left the definition, or nothing runs any more. */
export const forgetAfterMs = 7 * 86_400_000

const dayMs = 86_400_000

const single = { raiseAfter: 1, outOf: 1 }

type Raised = NonNullable<AlertEntry['raised']>
type Limits = Pick<AlertRules, 'raiseAfter' | 'outOf'>

/** What one alert becomes with what a poll found of it, or with a poll that did not look at it. */
export function judge(
  before: AlertEntry | undefined,
  found: Observation | undefined,
  rules: AlertRules,
  nowMs: number,
): AlertEntry | undefined {
  if (found === undefined) return before && judgeUnseen(before, rules, nowMs)
  const limits = found.immediate ? single : rules
  const seen = look(before, found, limits, nowMs)
  const { raised } = seen
  const isUp = stands(seen.polls, raised !== undefined, limits)
  if (raised === undefined) return isUp ? raise(seen, nowMs) : seen
  if (!isUp) return end({ ...seen, summary: found.summary, hint: found.hint }, raised, 'recovery', rules, nowMs)
  if (isWorse(seen, limits)) return tell({ ...seen, severity: 'critical' }, raised, 'worse', nowMs)
  return found.well ? seen : remind(seen, raised, rules, nowMs)
}

/** What is known of it after a look. While an alert stands, a good poll says nothing of what is wrong. */
function look(before: AlertEntry | undefined, found: Observation, { outOf }: Limits, nowMs: number): AlertEntry {
  const { key, name, subject, severity, well, summary, hint, remindDaily } = found
  const mark = severity === 'critical' ? 'c' : 'w'
  const polls = `${before?.polls ?? ''}${well ? '.' : mark}`.slice(-outOf)
  const { remindDaily: _before, ...known } = before ?? {}
  const fresh = { ...known, key, name, subject, polls, seenMs: nowMs, ...(remindDaily && { remindDaily }) }
  if (before?.raised === undefined) return { ...fresh, severity, summary, hint }
  const texts = well ? { summary: before.summary, hint: before.hint } : { summary, hint }
  // In a state from a clock that was ahead, the next reminder counts from now.
  const raised = { ...before.raised, toldMs: Math.min(before.raised.toldMs, nowMs) }
  return { ...fresh, severity: before.severity, ...texts, raised }
}

/** It may still stand: whoever looks at it runs at other times. */
function judgeUnseen(before: AlertEntry, rules: AlertRules, nowMs: number): AlertEntry | undefined {
  const { raised, seenMs } = before
  if (nowMs - seenMs < forgetAfterMs) return raised === undefined ? before : remind(before, raised, rules, nowMs)
  return raised === undefined ? undefined : end(before, raised, 'forgotten', rules, nowMs)
}

function raise(entry: AlertEntry, nowMs: number): AlertEntry {
  return tell(entry, { sinceMs: nowMs, toldMs: nowMs, channels: [] }, 'raise', nowMs)
}

function remind(entry: AlertEntry, raised: Raised, { remindEverySeconds }: AlertRules, nowMs: number): AlertEntry {
  const everyMs = Math.max(remindEverySeconds * 1000, entry.remindDaily ? dayMs : 0)
  return nowMs - raised.toldMs < everyMs ? entry : tell(entry, raised, 'reminder', nowMs)
}

/** An alert never gets milder while it stands, so it gets worse once at most. */
function isWorse({ severity, polls }: AlertEntry, { raiseAfter }: Limits): boolean {
  return severity === 'warning' && [...polls].filter((poll) => poll === 'c').length >= raiseAfter
}

/** What nobody has heard of yet is told first: a reminder of it would not be understood. */
function tell(entry: AlertEntry, raised: Raised, type: EventType, nowMs: number): AlertEntry {
  const told = { ...entry, raised: { ...raised, toldMs: nowMs } }
  const unheard = entry.owed?.type === 'raise' || entry.owed?.type === 'worse'
  return unheard && type !== 'raise' ? told : owe(told, raised, type, nowMs)
}

/** The end takes the place of whatever was still owed: that is over. */
function end(
  entry: AlertEntry,
  raised: Raised,
  type: 'recovery' | 'forgotten',
  { recovery }: AlertRules,
  nowMs: number,
): AlertEntry {
  const { raised: _over, owed: _unheard, ...rest } = entry
  // Bad polls of an alert that has ended do not count towards the next one.
  const ended = { ...rest, polls: '' }
  return recovery ? owe(ended, raised, type, nowMs) : ended
}

function owe(entry: AlertEntry, { sinceMs, channels }: Raised, type: EventType, nowMs: number): AlertEntry {
  return { ...entry, owed: { type, atMs: nowMs, sinceMs, channels, claimedUntilMs: 0 } }
}
