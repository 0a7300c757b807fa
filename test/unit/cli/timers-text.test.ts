import { expect, test } from 'vitest'
import { timersOutcome } from '../../../cli/outcomes/timers-outcome.ts'
import { plainStyle } from '../../../cli/terminal/style.ts'
import { timersText } from '../../../cli/terminal/timers-text.ts'
import type { TimerState } from '../../../functions/timers/unit-states.ts'

const nowMs = Date.parse('2026-11-25T16:40:00Z')
const well: TimerState = {
  ...{ unit: 'ballast-shop-verify', timer: 'active', enabled: true, result: 'ok', failure: undefined },
  ...{ lastRunMs: nowMs - 3_600_000, nextRunMs: nowMs + 13 * 3_600_000 },
}
const states: TimerState[] = [
  well,
  { ...well, unit: 'a', result: 'unknown', lastRunMs: undefined, nextRunMs: nowMs - 1 },
  { ...well, unit: 'b', timer: 'inactive', enabled: false, result: 'failed', failure: 'exit-code 3', nextRunMs: undefined },
  { ...well, unit: 'c', enabled: false, result: 'running' },
]

test('a table with times of the cluster', () => {
  expect(timersText(states, 'America/Sao_Paulo', nowMs, plainStyle)).toBe(`\
Unit                 Timer        Last run          Result                Next run
ballast-shop-verify  active       2026-11-25 12:40  ok                    2026-11-26 02:40, in 13 h
a                    active       never             not since boot        2026-11-25 13:39, now
b                    INACTIVE     2026-11-25 12:40  FAILED (exit-code 3)
c                    NOT ENABLED  2026-11-25 12:40  running               2026-11-26 02:40, in 13 h
Times are of America/Sao_Paulo.
`)
})

test('well: every timer is active and enabled, and no run failed', () => {
  expect(timersOutcome('shop', [well])).toMatchObject({ ok: true, numbers: { timers: 1, timersStopped: 0, runsFailed: 0 } })
})

test('not well: what is stopped, and what failed', () => {
  const { ok, failure, numbers } = timersOutcome('shop', states)
  expect({ ok, message: failure?.message, numbers }).toEqual({
    ok: false,
    message: 'b.timer is inactive; c.timer is not enabled; b.service failed (exit-code 3)',
    numbers: { timers: 4, timersStopped: 2, runsFailed: 1 },
  })
})
