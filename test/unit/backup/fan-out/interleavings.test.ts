import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseState, type RunState, serializeState } from '../../../../functions/archive/run-state.ts'
import {
  abort,
  beginHolding,
  breakChain,
  type Change,
  claimPlanning,
  decideHold,
  markPublished,
  release,
  renew,
  takeOver,
} from '../../../../functions/backup/fan-out/relay.ts'
import { ended, opening, server, snapshot } from '../../../support/run-states.ts'

/** A server that knows open transactions and the snapshots that they have exported; each step of a process is one turn. */
class World {
  state: RunState = opening
  version = 0
  nowMs = 0
  /** Open transactions: the ids that they export, and whether they hold all locks. */
  open = new Map<string, { view: string; locked: boolean }>()
  /** Whether the locks were let go before the last unit was copied: what is rewritten afterwards is no matter. */
  gap = false
  copied = new Set<number>()

  change(change: Change): boolean {
    const next = change(this.state)
    if (next === undefined) return false
    this.state = parseState(serializeState(next), 'state')
    this.version += 1
    return true
  }

  /** Whatever ends a session: its function's end, a kill, a server's whim. */
  end(holder: string): void {
    this.open.delete(holder)
    const anybody = [...this.open.values()].some(({ locked }) => locked)
    if (this.state.generation > 0 && !anybody && this.copied.size < units) this.gap = true
  }

  importable(id: string): boolean {
    return this.open.has(id)
  }
}

type Process = { name: string; at: 'begin' | 'imported' | 'locked' | 'proven' | 'holding'; from: number }
const units = 4

/** One turn of a holder; its session is named as itself, and so is what it exports. */
function turn(world: World, process: Process): 'goes on' | 'begins anew' {
  const { state } = world
  const me = process.name
  const restart = (): 'begins anew' => {
    if (process.at !== 'begin') world.end(me)
    process.name = `${me.split('.')[0]}.${Number(me.split('.')[1]) + 1}`
    process.at = 'begin'
    return 'begins anew'
  }
  switch (process.at) {
    case 'begin': {
      const step = decideHold(state, world.nowMs)
      if (step.do === 'plan' && world.change(claimPlanning(me, world.nowMs + 2, world.nowMs))) {
        world.open.set(me, { view: 'v', locked: true })
        const mine = {
          holder: me,
          handoverMs: world.nowMs + 3,
          endMs: world.nowMs + 9,
          snapshot: { ...snapshot(me), virtualXid: me },
        }
        world.change(beginHolding({ ...mine, server, heldSinceMs: world.nowMs }))
        process.at = 'holding'
      } else if (step.do === 'take over' && state.snapshot !== undefined) {
        process.from = state.generation
        if (!world.importable(state.snapshot.id)) {
          world.change(breakChain(ended, state.generation))
          return restart()
        }
        world.open.set(me, { view: 'v', locked: false })
        process.at = 'imported'
      }
      break
    }
    case 'imported': {
      const own = world.open.get(me)
      if (own === undefined) return restart()
      own.locked = true
      process.at = 'locked'
      break
    }
    case 'locked': {
      // The one before still has its transaction, and so its locks: or the chain is broken.
      if (state.generation !== process.from || state.state !== 'held') return restart()
      if (!world.open.has(state.snapshot?.virtualXid ?? '')) {
        world.change(breakChain(ended, process.from))
        return restart()
      }
      process.at = 'proven'
      break
    }
    case 'proven': {
      const mine = {
        holder: me,
        handoverMs: world.nowMs + 3,
        endMs: world.nowMs + 9,
        snapshot: { ...snapshot(me), virtualXid: me },
      }
      if (!world.open.has(me) || !world.change(takeOver(mine, process.from))) return restart()
      process.at = 'holding'
      break
    }
    case 'holding': {
      if (!world.open.has(me)) {
        world.change(breakChain(ended, state.generation === process.from + 1 || state.holder === me ? state.generation : -1))
        return restart()
      }
      if (!world.change(renew(me))) return restart()
      if (world.nowMs >= (world.state.endMs ?? 0) && world.change(breakChain(ended, world.state.generation))) return restart()
    }
  }
  return 'goes on'
}

function copy(world: World, unit: number): void {
  const { state } = world
  if (state.state !== 'held' || state.snapshot === undefined) return
  if (world.importable(state.snapshot.id)) world.copied.add(unit)
  else world.change(breakChain(ended, state.generation))
}

describe('any interleaving of two holders, their deaths, copies that are repeated and an end that is asked for early', () => {
  it('gives a whole set from one snapshot under locks that were never let go, or a clear failure', () => {
    const move = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('hold 0', 'hold 1') },
      { weight: 3, arbitrary: fc.integer({ min: 0, max: units - 1 }).map((unit) => `copy ${unit}`) },
      { weight: 2, arbitrary: fc.constant('time') },
      { weight: 1, arbitrary: fc.constantFrom('kill 0', 'kill 1', 'lose 0', 'lose 1', 'abort') },
      { weight: 1, arbitrary: fc.constant('finish') },
    )
    let published = 0
    let failed = 0
    fc.assert(
      fc.property(fc.array(move, { minLength: 20, maxLength: 150 }), (moves) => {
        const world = new World()
        const processes: [Process, Process] = [
          { name: 'a.0', at: 'begin', from: 0 },
          { name: 'b.0', at: 'begin', from: 0 },
        ]
        let asked: { renewals: number } | undefined
        for (const [kind = '', which = ''] of moves.map((one) => one.split(' '))) {
          const process = processes[which === '1' ? 1 : 0]
          if (kind === 'hold') turn(world, process)
          else if (kind === 'copy') copy(world, Number(which))
          else if (kind === 'time') world.nowMs += 1
          else if (kind === 'abort') world.change(abort(ended))
          else if (kind === 'lose') world.end(process.name)
          else if (kind === 'kill') {
            world.end(process.name)
            process.name = `${process.name.split('.')[0]}.${Number(process.name.split('.')[1]) + 1}`
            process.at = 'begin'
          } else if (world.copied.size === units && world.state.state === 'held') {
            asked ??= { renewals: world.state.renewals }
            if (world.state.renewals >= asked.renewals + 2 && world.change(release(world.nowMs))) {
              expect(world.gap, 'locks were let go').toBe(false)
              world.change(markPublished)
            }
          }
          if (world.state.state !== 'held' && world.state.state !== 'published') asked = undefined
          if (world.state.state === 'published') expect(world.copied.size).toBe(units)
        }
        if (world.state.state === 'published') published += 1
        if (world.state.state === 'broken' || world.state.state === 'aborted') {
          failed += 1
          expect(world.state.ended).toEqual(ended)
        }
      }),
      { numRuns: 5_000 },
    )
    expect(published).toBeGreaterThan(50)
    expect(failed).toBeGreaterThan(50)
  })
})
