import { expect } from 'vitest'
import { runPrefix, runStateKey } from '../../functions/archive/keys.ts'
import { removeRun } from '../../functions/retention/remove-run.ts'
import type { FanOutCase } from './fan-out-case.ts'
import type { ExecutionEnd } from './fan-out-machine.ts'
import { storeContent } from './store-content.ts'

/** What an execution of a faulty world may end in. */
export type FaultEnd = 'whole' | 'failed'

/**
 * Asserts that a run has ended in a whole set or in a clear failure, and in nothing else: a set that is listed is restored and
 * compared, a failure has left none, says why, and what it stored can be removed to the last object.
 */
export async function expectWholeOrFailed(run: FanOutCase, end: ExecutionEnd): Promise<FaultEnd> {
  const { one, address } = run
  const state = await run.currentState()
  const listed = (await one.sets()).filter((set) => set.state === 'complete' && set.address.set === address.set)
  const said = JSON.stringify({ end, state })
  const published = !end.ok && 'result' in end.abort && (end.abort.result as { published: boolean }).published
  if (end.ok || published) {
    expect(listed, said).toHaveLength(1)
    await one.expectWholeSet(await run.manifest())
    return 'whole'
  }
  expect(listed, said).toEqual([])
  expect(state.state, said).toBe('aborted')
  expect(state.ended?.message, said).not.toBe('')
  expect(state.ended?.hint, said).not.toBe('')
  if (state.removable === true) {
    await removeRun(one.truth, address)
    const left = (await storeContent(one.truth)).objects.filter((key) => key.includes(address.set))
    expect(left).toEqual([runStateKey(address)])
    expect(runStateKey(address).startsWith(runPrefix(address))).toBe(true)
  }
  return 'failed'
}
