import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunState } from '../../../../functions/archive/run-state.ts'
import {
  abort,
  beginHolding,
  breakChain,
  type Change,
  claimPlanning,
  decideHold,
  giveBackPlanning,
  holderTerm,
  markPublished,
  readNews,
  release,
  renew,
  takeOver,
} from '../../../../functions/backup/fan-out/relay.ts'
import { ended, opening, server, snapshot } from '../../../support/run-states.ts'

const term = { handoverMs: 100, endMs: 200 }

/** The state after changes that must all apply. */
function stateAfter(...changes: Change[]): RunState {
  return changes.reduce((state, change) => {
    const next = change(state)
    if (next === undefined) throw new Error(`${change} does not apply to ${state.state}`)
    return next
  }, opening)
}
const held = (holder = 'a'): RunState =>
  stateAfter(claimPlanning(holder, 100, 0), beginHolding({ holder, ...term, snapshot: snapshot('1'), server, heldSinceMs: 5 }))

describe('what a holder that is started does', () => {
  it('plans when nobody has, and waits while somebody does', () => {
    expect(decideHold(opening, 0)).toEqual({ do: 'plan' })
    expect(decideHold(stateAfter(claimPlanning('a', 100, 0)), 0)).toMatchObject({ do: 'wait' })
  })

  it('waits until the time to take over, in whole seconds, and takes over from then on', () => {
    const state = { ...held(), handoverMs: 10_500 }
    expect(decideHold(state, 0)).toEqual({ do: 'wait', seconds: 11 })
    expect(decideHold(state, 10_499)).toEqual({ do: 'wait', seconds: 1 })
    expect(decideHold(state, 10_500)).toEqual({ do: 'take over' })
    expect(decideHold({ ...state, handoverMs: 5_000_000 }, 0)).toEqual({ do: 'wait', seconds: 120 })
  })

  it('ends when nobody needs the snapshot, and fails when it is lost', () => {
    for (const state of ['released', 'published', 'aborted'] as const)
      expect(decideHold({ ...held(), state }, 0)).toEqual({ do: 'end' })
    expect(decideHold({ ...held(), state: 'broken', ended }, 0)).toEqual({ do: 'fail', ended })
  })
})

describe('a term', () => {
  it('ends before the function does, and asks for a successor a good while before that', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 900 }), fc.integer({ min: 10, max: 840 }), (functionSeconds, holderSeconds) => {
        const { handoverMs, endMs } = holderTerm(1_000, 1_000 + functionSeconds * 1000, holderSeconds)
        expect(endMs).toBeLessThan(1_000 + functionSeconds * 1000)
        expect(endMs - handoverMs).toBeGreaterThanOrEqual(functionSeconds * 100)
        expect(handoverMs).toBeLessThanOrEqual(1_000 + holderSeconds * 1000)
        expect(handoverMs).toBeGreaterThan(1_000)
      }),
    )
  })
})

describe('a change', () => {
  it('of the planning belongs to who claimed it, and can be given back', () => {
    const planning = stateAfter(claimPlanning('a', 100, 0))
    expect(claimPlanning('b', 100, 0)(planning)).toBeUndefined()
    expect(claimPlanning('a', 100, 0)(planning)).toBe(planning)
    expect(giveBackPlanning('b')(planning)).toBeUndefined()
    expect(giveBackPlanning('a')(planning)).toEqual(opening)
  })

  it('of a planning whose call is over can be made by another, and then no more by the first', () => {
    const planning = stateAfter(claimPlanning('a', 100, 0))
    expect(decideHold(planning, 100)).toMatchObject({ do: 'wait' })
    expect(decideHold(planning, 101)).toEqual({ do: 'plan' })
    expect(claimPlanning('b', 300, 100)(planning)).toBeUndefined()
    const taken = claimPlanning('b', 300, 101)(planning) as RunState
    expect(taken).toMatchObject({ holder: 'b', endMs: 300 })
    const begin = { ...term, snapshot: snapshot('1'), server, heldSinceMs: 5 }
    expect(beginHolding({ ...begin, holder: 'a' })(taken)).toBeUndefined()
    expect(beginHolding({ ...begin, holder: 'b' })(taken)).toMatchObject({ state: 'held', plan: 'b' })
  })

  it('takes over only from the generation whose snapshot and locks the successor has', () => {
    const successor = { holder: 'b', ...term, snapshot: snapshot('2') }
    const second = takeOver(successor, 1)(held())
    expect(second).toMatchObject({ generation: 2, holder: 'b', plan: 'a', snapshot: { id: '2' }, heldSinceMs: 5 })
    expect(takeOver({ ...successor, holder: 'c' }, 1)(second as RunState)).toBeUndefined()
    expect(takeOver(successor, 1)(second as RunState)).toBe(second)
  })

  it('breaks the chain of its own generation alone', () => {
    expect(breakChain(ended, 1)(held())).toMatchObject({ state: 'broken', ended })
    expect(breakChain(ended, 2)(held())).toBeUndefined()
    expect(breakChain(ended, 1)({ ...held(), state: 'released' })).toBeUndefined()
  })

  it('renews for who holds, and tells the others', () => {
    expect(renew('a')(held())).toMatchObject({ renewals: 1 })
    expect(renew('b')(held())).toBeUndefined()
    expect(readNews(held(), 'a')).toBe('hold on')
    expect(readNews(held(), 'b')).toBe('handed over')
    expect(readNews({ ...held(), state: 'broken' }, 'a')).toBe('broken')
    expect(readNews({ ...held(), state: 'released' }, 'a')).toBe('over')
  })

  it('releases only what is held, and only once with its time', () => {
    const released = release(7)(held()) as RunState
    expect(released).toMatchObject({ state: 'released', finishedMs: 7 })
    expect(release(8)(released)).toBe(released)
    for (const state of ['opening', 'planning', 'broken', 'aborted'] as const)
      expect(release(7)({ ...held(), state })).toBeUndefined()
    expect(markPublished(held())).toBeUndefined()
    expect(markPublished(released)).toMatchObject({ state: 'published' })
  })

  it('aborts anything but a set that exists; what may be on its way to one stays', () => {
    expect(abort(ended)(opening)).toMatchObject({ state: 'aborted', removable: true, ended })
    expect(abort(ended)(held())).toMatchObject({ state: 'aborted', removable: true })
    expect(abort(ended)({ ...held(), state: 'broken', ended: { ...ended, message: 'first' } })).toMatchObject({
      ended: { message: 'first' },
    })
    const released = release(7)(held()) as RunState
    expect(abort(ended)(released)).toMatchObject({ state: 'aborted', removable: false })
    expect(abort(ended, true)(released)).toMatchObject({ state: 'aborted', removable: true })
    const published = markPublished(released) as RunState
    expect(abort(ended)(published)).toBe(published)
  })
})
