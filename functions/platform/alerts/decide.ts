import { type AlertEntry, type EventType, mostEntries } from './alert-state.ts'
import { type AlertRules, isBad } from './hysteresis.ts'
import { judge } from './judge.ts'
import { type Observation, type Severity, worstByKey } from './observation.ts'

/** Something that somebody is to be told. Key, type and `atMs` together tell it from every other one. */
export interface AlertEvent {
  type: EventType
  key: string
  name: string
  subject: string
  severity: Severity
  summary: string
  hint: string
  /** When the alert was raised. */
  sinceMs: number
  /** When this was decided. */
  atMs: number
  /** Channels that took a message about this alert before. */
  channels: readonly string[]
  /** Somebody has taken it already: it is for those channels alone. */
  followsUp?: true
}

/** What follows from one poll. */
export interface Decision {
  /** Ordered by key. */
  entries: AlertEntry[]
  /** For this run to deliver, critical ones first: in the entries they are claimed. */
  events: AlertEvent[]
  /** Alerts that there was no room for. */
  dropped: number
}

/** What became of an event. */
export interface Told extends Pick<AlertEvent, 'key' | 'type' | 'atMs'> {
  heard: boolean
  /** Channels that took it. */
  channels: readonly string[]
  /** Channels that were told of the alert, could not be told of its end, and may be later. */
  missed: readonly string[]
}

/** A run that delivers an event has this long before another one takes it up. */
export const claimMs = 5 * 60_000

/** So long a channel that was told of an alert is tried with its end. */
const endWithinMs = 86_400_000

/** Decides what a poll means: the new state, and what is to be told. Each key is judged by itself. */
export function decide(
  before: readonly AlertEntry[],
  observations: readonly Observation[],
  rules: AlertRules,
  nowMs: number,
): Decision {
  const known = new Map(before.map((entry) => [entry.key, entry]))
  const found = worstByKey(observations)
  const keys = [...new Set([...known.keys(), ...found.keys()])]
  const judged = keys.flatMap((key) => judge(known.get(key), found.get(key), rules, nowMs) ?? []).filter(worthKeeping)
  const kept = judged.sort(byImportance).slice(0, mostEntries)
  const claims = kept.map((entry) => claim(entry, nowMs))
  return {
    entries: claims.map(({ entry }) => entry).sort((a, b) => order(a.key, b.key)),
    events: claims.flatMap(({ event }) => event ?? []).sort((a, b) => order(a.severity, b.severity) || order(a.key, b.key)),
    dropped: judged.length - kept.length,
  }
}

/** Whether an event is the end of an alert. */
export function isEnd({ type }: Pick<AlertEvent, 'type'>): boolean {
  return type === 'recovery' || type === 'forgotten'
}

/**
 * The state after delivery: what somebody took is no longer owed, what nobody took is anybody's again. An end is owed to each
 * channel that was told of the alert: an incident that nobody resolves would hide the next one.
 */
export function settle(entries: readonly AlertEntry[], results: readonly Told[], nowMs: number): AlertEntry[] {
  const byKey = new Map(results.map((result) => [result.key, result]))
  return entries.map((entry) => settleOne(entry, byKey.get(entry.key), nowMs)).filter(worthKeeping)
}

function settleOne(entry: AlertEntry, result: Told | undefined, nowMs: number): AlertEntry {
  const { owed, raised } = entry
  // Another run may have decided something newer meanwhile, which is its own to deliver.
  const isOurs = owed !== undefined && result !== undefined && owed.type === result.type && owed.atMs === result.atMs
  if (result === undefined) return entry
  const channels = [...new Set([...(raised?.channels ?? []), ...result.channels])].sort()
  const heard = raised === undefined ? entry : { ...entry, raised: { ...raised, channels } }
  if (!isOurs) return heard
  if (!result.heard) return { ...heard, owed: { ...owed, claimedUntilMs: 0 } }
  if (result.missed.length > 0 && nowMs - owed.atMs < endWithinMs) {
    return { ...heard, owed: { ...owed, channels: [...result.missed], heard: true, claimedUntilMs: 0 } }
  }
  const { owed: _told, ...rest } = heard
  return rest
}

function claim(entry: AlertEntry, nowMs: number): { entry: AlertEntry; event?: AlertEvent } {
  const { owed } = entry
  if (owed === undefined || isClaimed(owed.claimedUntilMs, nowMs)) return { entry }
  const { key, name, subject, severity, summary, hint } = entry
  const { type, atMs, sinceMs, channels, heard } = owed
  const event: AlertEvent = { type, key, name, subject, severity, summary, hint, sinceMs, atMs, channels }
  return {
    entry: { ...entry, owed: { ...owed, claimedUntilMs: nowMs + claimMs } },
    event: heard ? { ...event, followsUp: true } : event,
  }
}

/** Clocks may differ by as much as a claim lasts; what ends later than that is from a clock that was wrong, and binds nobody. */
function isClaimed(untilMs: number, nowMs: number): boolean {
  return untilMs > nowMs && untilMs <= nowMs + 2 * claimMs
}

/** Whether a later poll needs to know of it. */
function worthKeeping({ raised, owed, polls }: AlertEntry): boolean {
  return raised !== undefined || owed !== undefined || [...polls].some(isBad)
}

function byImportance(a: AlertEntry, b: AlertEntry): number {
  const rank = ({ raised, owed }: AlertEntry) => (raised ? 0 : 2) + (owed ? 0 : 1)
  return rank(a) - rank(b) || b.seenMs - a.seenMs || order(a.key, b.key)
}

function order(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
