import { expect, test } from 'vitest'
import { type AlertEntry, mostEntries } from '../../../../functions/platform/alerts/alert-state.ts'
import { type AlertEvent, claimMs, decide, settle } from '../../../../functions/platform/alerts/decide.ts'
import type { AlertRules } from '../../../../functions/platform/alerts/hysteresis.ts'
import { forgetAfterMs } from '../../../../functions/platform/alerts/judge.ts'
import type { Observation } from '../../../../functions/platform/alerts/observation.ts'
import { observed, twoOfThree } from '../../../support/observations.ts'

const minuteMs = 60_000
const startMs = Date.parse('2026-11-22T06:00:00Z')

/** A cluster whose polls come one minute apart, and whose events all find somebody unless `deaf`. */
class Watch {
  entries: AlertEntry[] = []
  nowMs = startMs
  readonly rules: AlertRules

  constructor(rules: Partial<AlertRules> = {}) {
    this.rules = { ...twoOfThree, ...rules }
  }

  poll(observations: readonly Observation[], { deaf = false, channels = ['chat'], afterMs = minuteMs } = {}): AlertEvent[] {
    this.nowMs += afterMs
    const decision = decide(this.entries, observations, this.rules, this.nowMs)
    const results = decision.events.map((event) => ({ ...event, heard: !deaf, channels: deaf ? [] : channels, missed: [] }))
    this.entries = settle(decision.entries, results, this.nowMs)
    return decision.events
  }

  /** Types of the events of several polls of one thing. */
  types(...polls: readonly Observation[]): string[][] {
    return polls.map((found) => this.poll([found]).map(({ type }) => type))
  }
}

const [well, warning, critical] = [observed('well'), observed('warning'), observed('critical')]

test('an alert is raised once, and ends once', () => {
  expect(new Watch().types(well, warning, warning, warning, well, well, well)).toEqual([
    [],
    [],
    ['raise'],
    [],
    [],
    ['recovery'],
    [],
  ])
})

test('nothing is remembered of what is well', () => {
  const watch = new Watch()
  watch.types(well, warning, well)
  expect(watch.entries.map(({ polls }) => polls)).toEqual(['w.'])
  watch.types(well, well)
  expect(watch.entries).toEqual([])
})

test('the raise says what is wrong, the end says what is well and since when', () => {
  const watch = new Watch()
  watch.types(warning, warning)
  const raisedMs = watch.nowMs
  watch.types(well)
  const [end] = watch.poll([well])
  expect(end).toMatchObject({ type: 'recovery', severity: 'warning', summary: '0 bytes behind', sinceMs: raisedMs })
  expect(end).toMatchObject({ atMs: watch.nowMs, channels: ['chat'] })
})

test('a reminder comes after the interval, not with a good poll, and repeats what was wrong last', () => {
  const watch = new Watch()
  watch.types(warning, warning)
  expect(watch.poll([warning], { afterMs: 59 * minuteMs })).toEqual([])
  expect(watch.poll([well], { afterMs: minuteMs })).toEqual([])
  expect(watch.poll([{ ...warning, summary: '99 MB behind' }])).toMatchObject([
    { type: 'reminder', summary: '99 MB behind', sinceMs: startMs + 2 * minuteMs },
  ])
  expect(watch.types(warning)).toEqual([[]])
})

test('what other polls look at is reminded of as well, and forgotten after a week', () => {
  const watch = new Watch()
  watch.types(warning, warning)
  expect(watch.poll([], { afterMs: 60 * minuteMs })).toMatchObject([{ type: 'reminder', summary: warning.summary }])
  const [forgotten] = watch.poll([], { afterMs: forgetAfterMs })
  expect(forgotten).toMatchObject({ type: 'forgotten', channels: ['chat'] })
  expect(watch.entries).toEqual([])
})

test('a bad poll that nothing followed is forgotten without a word', () => {
  const watch = new Watch()
  watch.types(warning)
  expect(watch.poll([], { afterMs: forgetAfterMs })).toEqual([])
  expect(watch.entries).toEqual([])
})

test('a warning that becomes critical is told once more, and only once', () => {
  const watch = new Watch()
  expect(watch.types(warning, warning, critical, critical, warning, critical, critical)).toEqual([
    [],
    ['raise'],
    [],
    ['worse'],
    [],
    [],
    [],
  ])
  expect(watch.entries[0]).toMatchObject({ severity: 'critical' })
})

test('the end of a run needs no second one', () => {
  const [failed, passed] = [observed('critical', { immediate: true }), observed('well', { immediate: true })]
  expect(new Watch().types(failed, failed, passed, passed, failed)).toEqual([['raise'], [], ['recovery'], [], ['raise']])
})

test('where ends are not told, an alert that comes again is told again', () => {
  const watch = new Watch({ recovery: false })
  expect(watch.types(warning, warning, well, well, warning, warning)).toEqual([[], ['raise'], [], [], [], ['raise']])
})

test('what nobody took is told by the next poll, whatever it finds, and once somebody took it no more', () => {
  const watch = new Watch()
  watch.types(warning)
  const [raise] = watch.poll([warning], { deaf: true })
  expect(raise).toMatchObject({ type: 'raise' })
  expect(watch.poll([well], { deaf: true })).toEqual([raise])
  expect(watch.poll([warning]).map(({ type, atMs }) => [type, atMs])).toEqual([['raise', raise?.atMs]])
  expect(watch.poll([warning])).toEqual([])
})

test('the end of an alert that nobody heard of takes the place of its beginning', () => {
  const watch = new Watch()
  watch.types(warning)
  watch.poll([warning], { deaf: true })
  watch.poll([well], { deaf: true })
  expect(watch.poll([well]).map(({ type, channels }) => [type, channels])).toEqual([['recovery', []]])
})

test('a raise that nobody heard of becomes critical, not another event', () => {
  const watch = new Watch()
  watch.poll([warning])
  watch.poll([warning], { deaf: true })
  watch.poll([critical], { deaf: true })
  expect(watch.poll([critical]).map(({ type, severity }) => [type, severity])).toEqual([['raise', 'critical']])
})

test('every channel that took a message about it is known at its end', () => {
  const watch = new Watch()
  watch.poll([warning])
  watch.poll([warning], { channels: ['mail'] })
  watch.poll([warning], { channels: ['chat'], afterMs: 60 * minuteMs })
  watch.poll([well])
  expect(watch.poll([well])[0]?.channels).toEqual(['chat', 'mail'])
})

test('an event that a run is delivering is not told by another one, until its claim has run out', () => {
  const before = decide([], [warning], twoOfThree, startMs).entries
  const first = decide(before, [warning], twoOfThree, startMs + 1)
  expect(first.events.map(({ type }) => type)).toEqual(['raise'])
  const at = (ms: number) => decide(first.entries, [warning], twoOfThree, startMs + 1 + ms).events.map(({ type }) => type)
  expect([at(0), at(claimMs - 1), at(claimMs)]).toEqual([[], [], ['raise']])
  // Of two machines one may be a little behind.
  expect([at(-1000), at(-claimMs), at(-claimMs - 1)]).toEqual([[], [], ['raise']])
})

test('a run that comes late with its results does not touch what another one decided', () => {
  const raised = decide(decide([], [warning], twoOfThree, startMs).entries, [warning], twoOfThree, startMs + 1)
  const [raise] = raised.events
  const one = decide(raised.entries, [well], twoOfThree, startMs + 2)
  const ended = decide(one.entries, [well], twoOfThree, startMs + 3)
  expect(ended.events.map(({ type }) => type)).toEqual(['recovery'])
  const late = raise === undefined ? [] : [{ ...raise, heard: true, channels: ['chat'], missed: [] }]
  const settled = settle(ended.entries, late, startMs + 4)
  expect(settled.map(({ owed }) => owed?.type)).toEqual(['recovery'])
})

test('the end of an alert is owed for a day to a channel that was told of it and missed its end, and to no other', () => {
  const watch = new Watch({ raiseAfter: 1, outOf: 1 })
  watch.poll([warning], { channels: ['chat', 'on-call'] })
  /** A poll whose events `chat` takes and `on-call` misses. */
  const missed = (afterMs: number) => {
    watch.nowMs += afterMs
    const { entries, events } = decide(watch.entries, [well], watch.rules, watch.nowMs)
    const results = events.map((event) => ({ ...event, heard: true, channels: ['chat'], missed: ['on-call'] }))
    watch.entries = settle(entries, results, watch.nowMs)
    return events.map(({ type, channels, followsUp }) => ({ type, channels, followsUp }))
  }
  const all = { type: 'recovery', channels: ['chat', 'on-call'], followsUp: undefined }
  const alone = { type: 'recovery', channels: ['on-call'], followsUp: true }
  expect([missed(minuteMs), missed(minuteMs), missed(86_400_000), missed(minuteMs)]).toEqual([[all], [alone], [alone], []])
})

test('what people need days for is reminded of once a day, also by the polls of others', () => {
  const watch = new Watch({ remindEverySeconds: 3600 })
  const slow = observed('warning', { remindDaily: true })
  watch.types(slow, slow)
  const after = (hours: number, found: readonly Observation[]) =>
    watch.poll(found, { afterMs: hours * 60 * minuteMs }).map(({ type }) => type)
  expect([after(2, [slow]), after(20, []), after(1.5, [slow]), after(0.6, [])]).toEqual([[], [], [], ['reminder']])
  expect(after(2, [slow])).toEqual([])
  // The interval of the definition counts where it is longer.
  const rare = new Watch({ remindEverySeconds: 3 * 86_400 })
  rare.types(slow, slow)
  expect(rare.poll([slow], { afterMs: 2 * 86_400_000 })).toEqual([])
})

test('a state from a clock that was ahead holds nothing back', () => {
  const ahead = startMs + 365 * 86_400_000
  const future = decide(decide([], [warning], twoOfThree, ahead).entries, [warning], twoOfThree, ahead)
  const back = decide(future.entries, [warning], twoOfThree, startMs)
  expect(back.events.map(({ type }) => type)).toEqual(['raise'])
  const heard = settle(
    back.entries,
    back.events.map((event) => ({ ...event, heard: true, channels: ['chat'], missed: [] })),
    startMs,
  )
  const later = decide(heard, [warning], twoOfThree, startMs + 60 * minuteMs)
  expect(later.events.map(({ type }) => type)).toEqual(['reminder'])
})

test('of several observations with one key the worst counts', () => {
  const watch = new Watch({ raiseAfter: 1, outOf: 1 })
  expect(watch.poll([well, critical, warning])).toMatchObject([{ type: 'raise', severity: 'critical' }])
})

test('critical events come first', () => {
  const watch = new Watch({ raiseAfter: 1, outOf: 1 })
  const events = watch.poll([observed('warning', { key: 'a' }), observed('critical', { key: 'b' })])
  expect(events.map(({ key }) => key)).toEqual(['b', 'a'])
})

test('a state that is full keeps what stands, and says what it left out', () => {
  const many = Array.from({ length: mostEntries + 5 }, (_, index) => observed('warning', { key: `key-${index}` }))
  const standing = observed('critical', { key: 'standing', immediate: true })
  const first = decide([], [standing], twoOfThree, startMs)
  const decision = decide(first.entries, many, twoOfThree, startMs + 1)
  expect(decision.entries.length).toBe(mostEntries)
  expect(decision.dropped).toBe(6)
  expect(decision.entries.map(({ key }) => key)).toContain('standing')
})
