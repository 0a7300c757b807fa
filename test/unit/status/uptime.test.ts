import { expect, test } from 'vitest'
import type { HistoryDay } from '../../../functions/runtime/history/series.ts'
import { uptimeDays } from '../../../functions/status/uptime.ts'

const noon = Date.parse('2026-11-25T12:00:00Z')

/** The state of a day before today, unless it is today. */
function stateOf(day: Omit<HistoryDay, 'day'>, runsPerDay: number | undefined, today = false): string | undefined {
  const own = { day: '2026-11-24', ...day }
  const days = today ? [own] : [own, { day: '2026-11-25', polls: 0 }]
  return uptimeDays(days, runsPerDay, noon)[0]?.state
}

test.each<[string, Omit<HistoryDay, 'day'>, number | undefined, string]>([
  ['no run is no data, whatever was due', { polls: 0 }, 1440, 'none'],
  ['no run is no data, also where nothing is known to be due', { polls: 0 }, undefined, 'none'],
  ['every run', { polls: 1440 }, 1440, 'good'],
  ['nine runs of ten', { polls: 1296 }, 1440, 'good'],
  ['fewer: too little is known to call it good', { polls: 1295 }, 1440, 'partial'],
  ['one run where nothing is known to be due', { polls: 1 }, undefined, 'good'],
  ['one bad run of many', { polls: 1440, badPolls: 1 }, 1440, 'flawed'],
  ['95 of 100 good', { polls: 100, badPolls: 3, failedPolls: 2 }, 100, 'flawed'],
  ['94 of 100 good', { polls: 100, badPolls: 3, failedPolls: 3 }, 100, 'bad'],
  ['the only run failed', { polls: 1, failedPolls: 1 }, 1, 'bad'],
  ['three of four runs', { polls: 3 }, 4, 'good'],
  ['two of four runs', { polls: 2 }, 4, 'partial'],
])('%s', (_, day, runsPerDay, expected) => {
  expect(stateOf(day, runsPerDay)).toBe(expected)
})

test('of today only what has passed was due', () => {
  expect(stateOf({ polls: 648 }, 1440, true)).toBe('good')
  expect(stateOf({ polls: 647 }, 1440, true)).toBe('partial')
  expect(stateOf({ polls: 0 }, 1440, true)).toBe('none')
})
