import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decidePause } from '../../../functions/replication/pause-news.ts'
import { endPause, isOver, joinPause, leavePause } from '../../../functions/runtime/replay-pause/changes.ts'
import type { PauseUser, ReplayPause } from '../../../functions/runtime/replay-pause/record.ts'

/** A replica and what is stored of its pause; each step of an actor sees and changes it at one moment. */
interface World {
  record: ReplayPause | undefined
  paused: boolean
  nowMs: number
  /** Runs that are at work. */
  alive: Set<string>
}

type Actor = Generator<void, void, void>

const minuteMs = 60_000

/** A run as its steps do it: looks, notes, pauses, works, takes itself out, resumes, notes the end. */
function* run(world: World, set: string): Actor {
  const user: PauseUser = { database: 'db', set, token: set, sinceMs: world.nowMs }
  const { paused } = world
  yield
  const joined = joinPause(world.record, { node: 'db-3', user, paused, dueMs: 0 })
  if (typeof joined === 'string') {
    world.alive.delete(set)
    return
  }
  world.record = joined
  yield
  world.paused = true
  yield
  world.alive.delete(set)
  const before = world.record
  world.record = leavePause(before, [user], world.nowMs)
  if (world.record === before || world.record.users.length > 0) return
  yield
  world.paused = false
  yield
  world.record = endPause(world.record, world.nowMs)
}

/** One poll of the dead man, which may be slow between what it sees and what it does; what it knows of the server is as old as what it takes for the time. */
function* poll(world: World): Actor {
  const { paused, nowMs } = world
  yield
  let { record } = world
  for (;;) {
    yield
    const needed = (record?.users ?? []).filter(({ set }) => world.alive.has(set))
    const step = decidePause(record, needed, paused, nowMs)
    if (step.do === 'tell') return
    if (step.do === 'take out') world.record = record = world.record && leavePause(world.record, step.users, world.nowMs)
    if (step.do === 'note the end') world.record = record = world.record && endPause(world.record, nowMs)
    if (step.do !== 'resume') continue
    world.paused = false
    yield
    world.record = world.record && endPause(world.record, nowMs)
    return
  }
}

/** How an actor goes on when it is its turn: a step, or it dies. */
const turn = fc.record({ actor: fc.nat(5), dies: fc.boolean(), waitsMs: fc.constantFrom(0, 1_000, 2 * minuteMs) })

test('whoever dies whenever, in whatever order all go on: in the end replay goes on, and the next run may have the replica', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
      const world: World = { record: undefined, paused: false, nowMs: 0, alive: new Set(['a', 'b', 'c']) }
      const actors: (Actor | undefined)[] = [
        ...['a', 'b', 'c'].map((set) => run(world, set)),
        poll(world),
        poll(world),
        poll(world),
      ]
      for (const { actor, dies, waitsMs } of turns) {
        world.nowMs += waitsMs
        if (dies) {
          actors[actor] = undefined
          world.alive.delete(['a', 'b', 'c'][actor] ?? '')
        } else actors[actor]?.next()
      }
      // Those that are left come to their end; then the polls go on as ever.
      for (const actor of actors) while (actor?.next().done === false);
      for (let polls = 0; polls < 6; polls += 1) {
        world.nowMs += minuteMs
        const last = poll(world)
        while (last.next().done === false);
      }
      expect(world.paused).toBe(false)
      expect(world.record === undefined || isOver(world.record)).toBe(true)
    }),
    { numRuns: 20_000 },
  )
})

test('a pause that is made while nothing of ours is at work is left alone by every poll', () => {
  const over: ReplayPause = { format: 1, node: 'db-3', sinceMs: 0, users: [], unneededMs: 1, resumedMs: 1 }
  for (const record of [undefined, over]) {
    const world: World = { record, paused: true, nowMs: 2 * minuteMs, alive: new Set() }
    for (let polls = 0; polls < 6; polls += 1) {
      world.nowMs += minuteMs
      const actor = poll(world)
      while (actor.next().done === false);
    }
    expect(world).toMatchObject({ paused: true, record })
  }
})
