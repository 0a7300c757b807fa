import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AlertEntry, mostEntries, parseState, serializeState } from '../../../../functions/platform/alerts/alert-state.ts'
import { type AlertEvent, decide, settle } from '../../../../functions/platform/alerts/decide.ts'
import type { AlertRules } from '../../../../functions/platform/alerts/hysteresis.ts'
import type { Observation } from '../../../../functions/platform/alerts/observation.ts'
import { observed } from '../../../support/observations.ts'

const keys = ['a', 'b', 'c']
const rules = fc
  .record({
    raiseAfter: fc.integer({ min: 1, max: 4 }),
    more: fc.integer({ min: 0, max: 3 }),
    remindEverySeconds: fc.constantFrom(300, 3600),
    recovery: fc.boolean(),
  })
  .map(({ more, ...rest }): AlertRules => ({ ...rest, outOf: rest.raiseAfter + more }))
const observation = fc
  .record({ key: fc.constantFrom(...keys), what: fc.constantFrom('well', 'warning', 'critical'), immediate: fc.boolean() })
  .map(({ key, what, immediate }) => observed(what, { key, immediate }))
/** One run: what it found, how long after the one before, and whether anybody heard of its events. */
const run = fc.record({
  found: fc.array(observation, { maxLength: 4 }),
  afterSeconds: fc.constantFrom(1, 60, 400, 90_000),
  heard: fc.boolean(),
})
type Run = Readonly<{ found: readonly Observation[]; afterSeconds: number; heard: boolean }>

interface History {
  /** Each event once, however often it had to be delivered. */
  events: AlertEvent[]
  states: AlertEntry[][]
}

function follow(runs: readonly Run[], by: AlertRules): History {
  const history: History = { events: [], states: [[]] }
  const seen = new Set<string>()
  let nowMs = 1_000_000
  for (const { found, afterSeconds, heard } of runs) {
    nowMs += afterSeconds * 1000
    const { entries, events } = decide(history.states.at(-1) ?? [], found, by, nowMs)
    for (const event of events) {
      const id = `${event.key} ${event.type} ${event.atMs}`
      if (!seen.has(id)) history.events.push(event)
      seen.add(id)
    }
    history.states.push(
      settle(
        entries,
        events.map((event) => ({ ...event, heard, channels: heard ? ['chat'] : [], missed: [] })),
        nowMs,
      ),
    )
  }
  return history
}

/** Types of the events of one key, one letter each: n(ew), w(orse), r(eminder), e(nd). */
function spelled(events: readonly AlertEvent[], key: string): string {
  const letters = { raise: 'n', worse: 'w', reminder: 'r', recovery: 'e', forgotten: 'e' }
  return events.flatMap((event) => (event.key === key ? [letters[event.type]] : [])).join('')
}

const someRuns = fc.array(run, { maxLength: 60 })

test('never two raises without an end between them, never an end or a reminder without a raise', () => {
  fc.assert(
    fc.property(someRuns, rules, (runs, by) => {
      // What nobody hears is replaced by what follows; where everybody hears, every event comes out.
      const { events } = follow(
        runs.map((one) => ({ ...one, heard: true })),
        { ...by, recovery: true },
      )
      for (const key of keys) expect(spelled(events, key)).toMatch(/^(?:n[rw]*e)*(?:n[rw]*)?$/)
    }),
  )
})

test('deaf channels bring no event that the rules do not, and no raise of an alert that was already told', () => {
  fc.assert(
    fc.property(someRuns, rules, (runs, by) => {
      const { events, states } = follow(runs, { ...by, recovery: true })
      for (const key of keys) expect(spelled(events, key)).not.toMatch(/nn|^r|^w/)
      for (const state of states) {
        for (const { raised, owed } of state) {
          const isEnd = owed?.type === 'recovery' || owed?.type === 'forgotten'
          if (owed !== undefined) expect(raised === undefined).toBe(isEnd)
        }
      }
    }),
  )
})

test('reminders are no closer together than the interval', () => {
  fc.assert(
    fc.property(someRuns, rules, (runs, by) => {
      const { events } = follow(runs, by)
      for (const key of keys) {
        const told = events.filter((event) => event.key === key)
        told.forEach(({ type, atMs }, index) => {
          const before = told[index - 1]
          if (type === 'reminder') expect(atMs - (before?.atMs ?? atMs)).toBeGreaterThanOrEqual(by.remindEverySeconds * 1000)
        })
      }
    }),
  )
})

test('with two of three, single bad polls among good ones raise nothing', () => {
  const stream = fc.array(fc.constantFrom('good', 'bad'), { maxLength: 50 }).map((polls) =>
    // Two good ones behind each bad one.
    polls.flatMap((poll) => (poll === 'bad' ? [observed('critical'), observed('well'), observed('well')] : [observed('well')])),
  )
  fc.assert(
    fc.property(stream, (polls) => {
      const runs = polls.map((found) => ({ found: [found], afterSeconds: 60, heard: true }))
      expect(follow(runs, { raiseAfter: 2, outOf: 3, remindEverySeconds: 3600, recovery: true }).events).toEqual([])
    }),
  )
})

test('keys do not touch each other, and the order of observations does not matter', () => {
  fc.assert(
    fc.property(someRuns, rules, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (runs, by, shuffle) => {
      const together = follow(runs, by)
      const shuffled = runs.map((one) => ({
        ...one,
        found: one.found
          .map((item, index) => ({ item, at: shuffle[index] ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ item }) => item),
      }))
      expect(follow(shuffled, by)).toEqual(together)
      for (const key of keys) {
        const alone = follow(
          runs.map((one) => ({ ...one, found: one.found.filter((found) => found.key === key) })),
          by,
        )
        expect(together.events.filter((event) => event.key === key)).toEqual(alone.events)
        expect(together.states.map((state) => state.filter((entry) => entry.key === key))).toEqual(alone.states)
      }
    }),
  )
})

test('the state is bounded, whatever is observed, and survives being written and read', () => {
  const anything = fc.record({
    key: fc.string({ minLength: 1, maxLength: 400, unit: 'grapheme' }),
    name: fc.string({ maxLength: 400 }),
    summary: fc.string({ maxLength: 3000, unit: 'grapheme' }),
  })
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 20 }), (wild) => {
      const found = wild.map((texts) => observed('critical', { ...texts, immediate: true }))
      const { entries } = decide([], found, { raiseAfter: 60, outOf: 60, remindEverySeconds: 300, recovery: true }, 1)
      expect(parseState(serializeState(entries, 'writer'))).toEqual({ entries })
    }),
  )
  const crowd = Array.from({ length: 3 * mostEntries }, (_, index) =>
    observed('critical', {
      key: `${index}`.padStart(500, 'k'),
      summary: 'ß'.repeat(5000),
      hint: 'ß'.repeat(5000),
      immediate: true,
    }),
  )
  const { entries } = decide([], crowd, { raiseAfter: 1, outOf: 1, remindEverySeconds: 300, recovery: true }, 1)
  expect(serializeState(entries, 'writer').byteLength).toBeLessThan(4 * 1024 * 1024)
})
