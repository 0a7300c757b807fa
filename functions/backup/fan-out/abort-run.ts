import type { SetAddress } from '../../archive/keys.ts'
import type { RunEnd, RunState } from '../../archive/run-state.ts'
import { settleSlot } from '../slot-claim.ts'
import { runOf } from './finish.ts'
import { abort, markPublished } from './relay.ts'
import { changeState, type RunPlace } from './run-store.ts'

/** How a run ended that did not come to its end by itself. */
export interface Aborted {
  /** The set of the slot, when there is one after all: this run's, or another's. */
  published?: SetAddress
  /** What the run stored is of no use any more, and nothing can publish it: whoever may delete, may delete it. */
  remove: boolean
  state: RunState
}

/**
 * Gives a run up: its holders end, and its steps do nothing more. A set that is decided for, or published, is not given up but
 * finished.
 */
export async function abortRun(place: RunPlace, why: RunEnd): Promise<Aborted> {
  const settled = await settleSlot(place.store, place.address, runOf(place), place.signal)
  if (settled !== undefined && settled.address.set === place.address.set) {
    return { published: settled.address, remove: false, state: (await changeState(place, markPublished)).state }
  }
  const { state } = await changeState(place, abort(why, settled !== undefined))
  const remove = state.state === 'aborted' && state.removable === true
  return { ...(settled && { published: settled.address }), remove, state }
}
