import { describe, expect, it } from 'vitest'
import { decidePause } from '../../../functions/replication/pause-news.ts'
import type { PauseUser, ReplayPause } from '../../../functions/runtime/replay-pause/record.ts'

const minuteMs = 60_000
const [shop, crm]: [PauseUser, PauseUser] = [
  { database: 'shop', set: 'set-1', token: 'a', sinceMs: 0 },
  { database: 'crm', set: 'set-2', token: 'b', sinceMs: 5 },
]
const used: ReplayPause = { format: 1, node: 'db-3', sinceMs: 0, users: [shop, crm] }
const unneeded: ReplayPause = { ...used, users: [], unneededMs: 10 * minuteMs }
const over: ReplayPause = { ...unneeded, resumedMs: 10 * minuteMs }
const at = { node: 'db-3', sinceMs: 0 }

const tell = (is: string, more: object = {}) => ({ do: 'tell', news: { is, ...more } })
const paused = [true, false, undefined]

describe('what a poll does about a pause', () => {
  it.each(paused)('that is not ours (paused: %s): nothing', (isPaused) => {
    expect(decidePause(undefined, [], isPaused, 0)).toEqual(tell('none'))
  })

  it.each(paused)('that runs need (paused: %s): it says so', (isPaused) => {
    expect(decidePause(used, [shop, crm], isPaused, 0)).toEqual(tell('needed', { ...at, sets: ['set-1', 'set-2'] }))
  })

  it.each(paused)('that some runs need, or none (paused: %s): takes out those that are over', (isPaused) => {
    expect(decidePause(used, [crm], isPaused, 0)).toEqual({ do: 'take out', users: [shop] })
    expect(decidePause(used, [], isPaused, 0)).toEqual({ do: 'take out', users: [shop, crm] })
  })

  it.each<[string, boolean | undefined, number, object]>([
    ['a moment ago, and paused', true, 10 * minuteMs, tell('ending', at)],
    ['just under a minute ago, and paused', true, 11 * minuteMs - 1, tell('ending', at)],
    ['a minute ago, and paused', true, 11 * minuteMs, { do: 'resume', ...at }],
    ['days ago, and paused', true, 9_999 * minuteMs, { do: 'resume', ...at }],
    ['a moment ago, and goes on', false, 10 * minuteMs, tell('ending', at)],
    ['a minute ago, and goes on', false, 11 * minuteMs, { do: 'note the end' }],
    ['an hour ago, and goes on', false, 70 * minuteMs, { do: 'note the end' }],
    ['an hour ago, on a node that does not answer', undefined, 70 * minuteMs, tell('ending', at)],
  ])('that nobody needs since %s', (_, isPaused, nowMs, expected) => {
    expect(decidePause(unneeded, [], isPaused, nowMs)).toEqual(expected)
  })

  it.each(paused)('that is over (paused: %s): nothing, and replay may catch up for as long as it was paused', (isPaused) => {
    const catching = tell('catching up', { node: 'db-3', resumedMs: 10 * minuteMs })
    expect(decidePause(over, [], isPaused, 10 * minuteMs)).toEqual(catching)
    expect(decidePause(over, [], isPaused, 20 * minuteMs - 1)).toEqual(catching)
    expect(decidePause(over, [], isPaused, 20 * minuteMs)).toEqual(tell('none'))
  })
})
