import { describe, expect, it } from 'vitest'
import { endPause, isOver, joinPause, leavePause } from '../../../../functions/runtime/replay-pause/changes.ts'
import {
  type PauseUser,
  parsePause,
  type ReplayPause,
  serializePause,
} from '../../../../functions/runtime/replay-pause/record.ts'

const user = (database: string, token: string, sinceMs = 2000): PauseUser => ({
  database,
  set: `${database}-set`,
  token,
  sinceMs,
})
const [shop, crm, log] = [user('shop', 'a'), user('crm', 'b'), user('log', 'c')]
const begun: ReplayPause = { format: 1, node: 'db-3', sinceMs: 2000, users: [shop] }
const unneeded: ReplayPause = { ...begun, users: [], unneededMs: 3000 }
const over: ReplayPause = { ...unneeded, resumedMs: 3500 }
const request = { node: 'db-3', user: { ...crm, sinceMs: 4000 }, dueMs: 1000 }
const fresh = { format: 1, node: 'db-3', sinceMs: 4000, users: [request.user] }

describe('a run that is about to pause a replica', () => {
  it.each<[string, ReplayPause | undefined, boolean, object | string]>([
    ['begins a pause where none was known', undefined, false, fresh],
    ['begins a pause where the last one is over', over, false, fresh],
    ['is refused what nobody of ours has paused', undefined, true, 'paused by somebody else'],
    ['is refused what somebody has paused since ours was over', over, true, 'paused by somebody else'],
    ['joins a pause that has been noted, and not yet been made', begun, false, { ...begun, users: [shop, request.user] }],
    ['joins a pause', begun, true, { ...begun, users: [shop, request.user] }],
    ['keeps a pause that nobody needs any more', unneeded, true, { ...begun, users: [request.user] }],
    ['begins anew what has been resumed, and not been noted', unneeded, false, fresh],
    ['is refused where another replica is paused', { ...begun, node: 'db-2' }, true, 'another replica'],
    ['is refused where another replica is about to be resumed', { ...unneeded, node: 'db-2' }, false, 'another replica'],
  ])('%s', (_, known, paused, expected) => {
    expect(joinPause(known, { ...request, paused })).toEqual(expected)
  })

  it('may have a pause that is as young as its slot, and none that is older: what was written since would be missing', () => {
    expect(joinPause(begun, { ...request, paused: true, dueMs: 2000 })).toMatchObject({ users: [shop, request.user] })
    expect(joinPause(begun, { ...request, paused: true, dueMs: 2001 })).toBe('too old')
    expect(joinPause(unneeded, { ...request, paused: true, dueMs: 2001 })).toBe('too old')
  })

  it('that is planned again takes the place of its first attempt', () => {
    const again = { ...shop, token: 'again' }
    expect(joinPause(begun, { ...request, user: again, paused: true })).toEqual({ ...begun, users: [again] })
  })
})

describe('a run that does not need the pause any more', () => {
  const both: ReplayPause = { ...begun, users: [shop, crm] }
  it.each<[string, ReplayPause, { database: string; set: string; token?: string }, ReplayPause]>([
    ['leaves the others in it', both, { database: 'shop', set: 'shop-set' }, { ...begun, users: [crm] }],
    ['leaves nobody in it', begun, { database: 'shop', set: 'shop-set' }, { ...begun, users: [], unneededMs: 9000 }],
    ['leaves by its own token', begun, shop, { ...begun, users: [], unneededMs: 9000 }],
    ['does not take a later attempt out', begun, { ...shop, token: 'earlier' }, begun],
    ['is not in it', begun, log, begun],
    ['of another database has the same set', begun, { database: 'crm', set: 'shop-set' }, begun],
    ['has left before', unneeded, shop, unneeded],
    ['comes after the end', over, shop, over],
  ])('%s', (_, known, leaving, expected) => {
    const left = leavePause(known, [leaving], 9000)
    expect(left).toEqual(expected)
    if (expected === known) expect(left).toBe(known)
  })

  it('goes with several at once', () => {
    expect(leavePause(both, [shop, crm], 9000)).toEqual({ ...begun, users: [], unneededMs: 9000 })
  })
})

it('is over once replay goes on, unless somebody has come meanwhile', () => {
  expect(endPause(unneeded, 3500)).toEqual(over)
  expect(endPause(begun, 3500)).toBe(begun)
  expect(endPause(over, 9000)).toBe(over)
  expect([begun, unneeded, over].map(isOver)).toEqual([false, false, true])
})

it('is stored as it is, and nothing else is taken for it', () => {
  for (const pause of [begun, unneeded, over]) expect(parsePause(serializePause(pause), 'key')).toEqual(pause)
  for (const text of ['', '{}', JSON.stringify({ ...begun, format: 2 }), JSON.stringify({ ...begun, more: 1 })]) {
    expect(() => parsePause(Buffer.from(text), 'key')).toThrow('cannot be read')
  }
})
