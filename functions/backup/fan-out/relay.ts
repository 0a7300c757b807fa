import type { ReplayPaused, RunEnd, RunSnapshot, RunState, SourceServer, SourceWatch } from '../../archive/run-state.ts'
import { longestWaitSeconds, planningWaitSeconds } from './pace.ts'

/** What a holder that was just started does. */
export type HoldStep =
  | { do: 'plan' }
  | { do: 'take over' }
  | { do: 'wait'; seconds: number }
  | { do: 'end' }
  | { do: 'fail'; ended: RunEnd }

/** What there is to do for a holder that is started now: both of them ask the same, and a conditional write decides between them. */
export function decideHold(state: RunState, nowMs: number): HoldStep {
  switch (state.state) {
    case 'opening':
      return { do: 'plan' }
    case 'planning':
      return nowMs > (state.endMs ?? nowMs) ? { do: 'plan' } : { do: 'wait', seconds: planningWaitSeconds }
    case 'held': {
      const leftSeconds = Math.ceil(((state.handoverMs ?? nowMs) - nowMs) / 1000)
      return leftSeconds <= 0 ? { do: 'take over' } : { do: 'wait', seconds: Math.min(longestWaitSeconds, leftSeconds) }
    }
    case 'broken':
      return { do: 'fail', ended: endOf(state) }
    case 'released':
    case 'published':
    case 'aborted':
      return { do: 'end' }
  }
}

/** What a holder that holds learns from the state: nothing new, somebody else holds it now, or nobody needs to. */
export type HolderNews = 'hold on' | 'handed over' | 'over' | 'broken'

export function readNews(state: RunState, holder: string): HolderNews {
  if (state.state === 'held') return state.holder === holder ? 'hold on' : 'handed over'
  return state.state === 'broken' ? 'broken' : 'over'
}

/** When a holder hands over, and when its time is over, in milliseconds since the epoch. */
export interface Term {
  handoverMs: number
  endMs: number
}

/** Of a function's time: what is kept for releasing, and when a successor is asked for at the latest. */
const [endShare, handoverShare] = [0.92, 0.85]

/**
 * The term of a holder: it hands over after the time that the definition gives, and early enough that a successor which comes late
 * still finds it alive.
 */
export function holderTerm(startedMs: number, deadlineMs: number, holderSeconds: number): Term {
  const endMs = Math.round(startedMs + (deadlineMs - startedMs) * endShare)
  const latestMs = startedMs + (endMs - startedMs) * handoverShare
  return { handoverMs: Math.round(Math.min(latestMs, startedMs + holderSeconds * 1000)), endMs }
}

/** A change of the state; undefined where the state is not, or no longer, one that it can be made to. */
export type Change = (state: RunState) => RunState | undefined

/** Makes the planning one's own, also that of a call whose time was over before it had planned: what it still does counts for nothing. */
export function claimPlanning(holder: string, endMs: number, nowMs: number): Change {
  return (state) => {
    if (state.state === 'planning' && state.holder === holder) return state
    return decideHold(state, nowMs).do === 'plan' ? { ...state, state: 'planning', holder, endMs } : undefined
  }
}

/** Lets somebody else plan, after a failure that may pass. */
export function giveBackPlanning(holder: string): Change {
  return (state) => {
    if (state.state !== 'planning' || state.holder !== holder) return undefined
    const { holder: _, endMs: __, ...rest } = state
    return { ...rest, state: 'opening' }
  }
}

/** What a holder brings along. */
export interface Holding extends Term {
  holder: string
  snapshot: RunSnapshot
}

interface FirstHolding extends Holding {
  server: SourceServer
  heldSinceMs: number
  replayPaused?: ReplayPaused | undefined
}

/** The first holder has stored the plan, and holds. */
export function beginHolding({ replayPaused, ...holding }: FirstHolding): Change {
  return (state) => {
    if (state.state === 'held' && state.holder === holding.holder) return state
    const mine = state.state === 'planning' && state.holder === holding.holder
    if (!mine) return undefined
    return { ...state, ...holding, ...(replayPaused && { replayPaused }), state: 'held', plan: holding.holder, generation: 1 }
  }
}

/** A successor, whose session has the same view and the same locks, takes over from the holder of this generation. */
export function takeOver(holding: Holding, from: number): Change {
  return (state) => {
    if (state.state === 'held' && state.holder === holding.holder) return state
    if (state.state !== 'held' || state.generation !== from) return undefined
    return { ...state, ...holding, generation: from + 1 }
  }
}

/** The holder has just asked its session, which lives. */
export function renew(holder: string, watch?: SourceWatch): Change {
  return (state) => {
    if (readNews(state, holder) !== 'hold on') return undefined
    return { ...state, renewals: state.renewals + 1, ...(watch && { watch }) }
  }
}

/** All that needs the snapshot is stored, and its chain was unbroken up to now. */
export function release(finishedMs: number): Change {
  return (state) => {
    if (state.state === 'released' || state.state === 'published') return state
    return state.state === 'held' ? { ...state, state: 'released', finishedMs } : undefined
  }
}

export const markPublished: Change = (state) =>
  state.state === 'released' || state.state === 'published' ? { ...state, state: 'published' } : undefined

/**
 * The snapshot of this generation is lost. Whoever finds that may have read the state a while ago: of a later generation it knows
 * nothing.
 */
export function breakChain(ended: RunEnd, generation: number): Change {
  return (state) =>
    state.state === 'held' && state.generation === generation ? { ...state, state: 'broken', ended } : undefined
}

/**
 * Nothing more is to become of the run. One that is being published may still succeed: what it stored is left alone, unless another
 * set is that of its slot.
 */
export function abort(ended: RunEnd, slotIsTaken = false): Change {
  return (state) => {
    if (state.state === 'published' || state.state === 'aborted') return state
    const removable = slotIsTaken || state.state !== 'released'
    return { ...state, state: 'aborted', ended: state.ended ?? ended, removable }
  }
}

/** Why a run that has ended without a set did so. */
export function endOf({ state, ended }: RunState): RunEnd {
  return (
    ended ?? {
      kind: 'permanent',
      message: `the run is ${state}`,
      hint: 'The next slot of the schedule makes a run of its own.',
    }
  )
}
