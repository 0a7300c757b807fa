import { expect, it } from 'vitest'
import type { RunState } from '../../../../functions/archive/run-state.ts'
import { needsReplica } from '../../../../functions/runtime/replay-pause/needs.ts'

const endMs = 1_000_000
const marginMs = 120_000
const states: RunState['state'][] = ['opening', 'planning', 'held', 'released', 'published', 'broken', 'aborted']

function needing(atMs: number, of: Partial<RunState> = { endMs }): string[] {
  const state = { format: 1, slot: 'daily', dueMs: 0, startedMs: 0, generation: 0, renewals: 0, renewMs: 1, ...of } as const
  return states.filter((name) => needsReplica({ ...state, format: 1, state: name }, atMs))
}

it('is whoever plans or holds, until its own time is over and clocks cannot differ by more', () => {
  expect(needing(0)).toEqual(['planning', 'held'])
  expect(needing(endMs + marginMs)).toEqual(['planning', 'held'])
  expect(needing(endMs + marginMs + 1)).toEqual([])
})

it('is nobody whose time is not known', () => {
  expect(needing(marginMs + 1, {})).toEqual([])
})
