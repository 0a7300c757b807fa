import { describe, expect, test } from 'vitest'
import type { Check } from '../../../functions/platform/check.ts'
import type { Expected } from '../../../functions/replication/expected.ts'
import type { Answer, SenderFacts, ServerFacts, SlotFacts } from '../../../functions/replication/facts.ts'
import { judge } from '../../../functions/replication/judge.ts'
import { noMemory, type PollMemory } from '../../../functions/replication/memory.ts'
import {
  expected,
  nowMs,
  primaryAnswer,
  reading,
  sender,
  silentAnswer,
  slot,
  standbyAnswer,
} from '../../support/replication-facts.ts'

type Answers = readonly Answer<ServerFacts>[]

const well: Answers = [primaryAnswer(), standbyAnswer()]
const senders = (...changed: Partial<SenderFacts>[]): Answers => [
  primaryAnswer({ readings: [{ ...reading, senders: changed.map((one) => ({ ...sender, ...one })) }] }),
  standbyAnswer(),
]
const slots = (...changed: Partial<SlotFacts>[]): Answers => [
  primaryAnswer({ slots: changed.map((one) => ({ ...slot, ...one })) }),
  standbyAnswer(),
]

function amiss(answers: Answers, as: Expected = expected, earlier?: PollMemory): string[] {
  const { checks } = judge(as, answers, earlier, nowMs)
  for (const { status, fix } of checks) expect(fix !== undefined).toBe(status !== 'ok')
  const lines = checks
    .filter(({ status }) => status !== 'ok')
    .map(({ subject, name, status }) => `${subject}: ${name} ${status}`)
  expect(new Set(lines).size).toBe(lines.length)
  return lines
}

function find(answers: Answers, name: string, as: Expected = expected): Check | undefined {
  return judge(as, answers, undefined, nowMs).checks.find((check) => check.name === name && check.status !== 'ok')
}

const behind = { replayLsn: '0/4000000' }
const mayPause: Expected = {
  ...expected,
  nodes: expected.nodes.map((node) => ({ ...node, mayPause: node.role === 'replica' })),
}
const synchronous: Expected = { ...expected, synchronousStandbys: 1 }
const twice = (names: string): Answers => [primaryAnswer({ synchronous: { names, commit: 'on' } }), standbyAnswer()]

test('a healthy cluster raises nothing, and says what it looked at', () => {
  const { checks, lags } = judge(expected, well, undefined, nowMs)
  expect(checks.map(({ subject, name, status }) => `${subject}: ${name} ${status}`)).toEqual([
    'primary: primary ok',
    ...['primary: server ok', 'primary: connections ok', 'primary: transactions ok'],
    ...['standby: server ok', 'standby: connections ok', 'standby: transactions ok'],
    ...['standby: standby ok', 'standby: lag ok', 'standby: history ok', 'standby: replay ok', 'standby: slot ok'],
    'primary: synchronous ok',
  ])
  expect(lags).toEqual([{ node: 'standby', lag: { bytes: 0, atLeastSeconds: 0, atMostSeconds: 0 } }])
})

describe('which node takes writes', () => {
  test.each<[string, Answers, string[]]>([
    [
      'none, and the standby has nobody',
      [silentAnswer('primary'), standbyAnswer({ receiver: null })],
      ['primary: primary fail', 'primary: server fail', 'standby: standby fail', 'standby: lag warn'],
    ],
    [
      'perhaps the one that only this machine does not reach',
      [silentAnswer('primary'), standbyAnswer()],
      ['primary: primary fail', 'primary: server fail', 'standby: standby warn', 'standby: lag warn'],
    ],
    [
      'nobody answers',
      [silentAnswer('primary'), silentAnswer('standby')],
      ['primary: primary fail', 'primary: server fail', 'standby: server fail', 'standby: standby fail', 'standby: lag warn'],
    ],
    ['two', [primaryAnswer(), primaryAnswer({}, {}, 'standby')], ['primary: primary fail', 'standby: standby fail']],
    [
      'another, and the old one is gone',
      [silentAnswer('primary'), primaryAnswer({ slots: [] }, { timeline: 2 }, 'standby')],
      ['primary: primary fail', 'primary: server fail', 'standby: standby fail'],
    ],
    [
      'another, and the old one follows',
      [standbyAnswer({}, { timeline: 2 }, 'primary'), primaryAnswer({ slots: [] }, { timeline: 2 }, 'standby')],
      ['primary: primary fail', 'standby: standby fail'],
    ],
  ])('%s', (_, answers, alarms) => {
    expect(amiss(answers)).toEqual(alarms)
  })

  test('a primary that standbys still stream from is not to be replaced', () => {
    expect(find([silentAnswer('primary'), standbyAnswer()], 'primary')?.fix).toContain('do not promote')
    expect(find([silentAnswer('primary'), standbyAnswer({ receiver: null })], 'primary')?.fix).toContain('pg_promote')
  })
})

describe('whether a standby streams', () => {
  test.each<[string, Answers, string[]]>([
    ['no row is an alarm, not a lag of zero', senders(), ['standby: standby fail', 'standby: lag warn']],
    ['starting up is not streaming', senders({ state: 'startup' }), ['standby: standby fail', 'standby: lag warn']],
    ['a base backup is no standby', senders({ state: 'backup' }), ['standby: standby fail', 'standby: lag warn']],
    [
      'pg_basebackup through its slot is no standby',
      senders({ applicationName: 'pg_basebackup' }),
      ['standby: standby fail', 'standby: lag warn'],
    ],
    ['catching up is streaming, and far behind', senders({ state: 'catchup', ...behind }), ['standby: lag fail']],
    ['another name through the slot', senders({ applicationName: 'walreceiver' }), ['standby: standby warn']],
    ['its name without the slot', senders({ slot: null }), []],
    ['a state that the role may not see', senders({ state: null }), ['standby: standby fail', 'standby: lag warn']],
    ['silence of half a minute', senders({ replyMs: nowMs - 31_000 }), ['standby: standby fail']],
    ['a position that is NULL is not a small lag', senders({ replayLsn: null }), ['standby: lag fail']],
    ['silence within three intervals', senders({ replyMs: nowMs - 29_000 }), []],
    ['it does not answer here, and streams', [primaryAnswer(), silentAnswer('standby')], ['standby: server fail']],
    [
      'tools beside it',
      senders(
        {},
        { pid: 8, applicationName: 'pg_basebackup', slot: null, state: 'backup' },
        { pid: 9, applicationName: 'pg_receivewal', slot: null, replayLsn: null },
        { pid: 10, applicationName: 'pg_rewind', slot: null },
      ),
      [],
    ],
    ['a base backup of any name beside it', senders({}, { pid: 8, applicationName: 'copy', slot: null, state: 'backup' }), []],
    ['a logical subscriber beside it', senders({}, { pid: 8, applicationName: 'sub', slot: 'sub', logical: true }), []],
    ['a stranger beside it', senders({}, { pid: 8, applicationName: 'copycat', slot: null }), ['copycat: stranger warn']],
  ])('%s', (_, answers, alarms) => {
    expect(amiss(answers)).toEqual(alarms)
  })

  test.each<[string, Answers, string]>([
    ['cut off', [primaryAnswer({ readings: [{ ...reading, senders: [] }] }), standbyAnswer({ receiver: null })], 'is cut off'],
    ['follows somebody else', senders(), 'streams from 127.0.0.11, and primary does not know it'],
    ['down', [primaryAnswer({ readings: [{ ...reading, senders: [] }] }), silentAnswer('standby')], 'does not answer'],
  ])('says why not: %s', (_, answers, text) => {
    expect(find(answers, 'standby')?.finding).toContain(text)
  })

  test('a standby that nobody there knows is named by its path', () => {
    const answers = [primaryAnswer({ slots: [], readings: [{ ...reading, senders: [] }] }), silentAnswer('standby')]
    expect(find(answers, 'standby')?.fix).toContain('nodes[1]')
    expect(find(answers, 'slot')?.fix).toContain("pg_create_physical_replication_slot('standby', true)")
  })

  test.each<[string, Partial<ServerFacts>]>([
    ['of another cluster', { systemId: '78' }],
    ['on another timeline', { timeline: 2 }],
  ])('%s: no difference of positions means anything', (_, facts) => {
    const answers = [senders(behind)[0], standbyAnswer({}, facts)].filter((answer) => answer !== undefined)
    expect(amiss(answers)).toEqual(['standby: lag warn', 'standby: history fail'])
  })
})

describe('whether replay goes on', () => {
  const paused = (pauseState: string | null): Answers => [senders(behind)[0] ?? primaryAnswer(), standbyAnswer({ pauseState })]
  const since = (seconds: number): PollMemory => ({ ...noMemory, pausedNodes: { standby: nowMs - seconds * 1000 } })

  test.each<[string, Answers, Expected, PollMemory, string[]]>([
    ['paused by nobody knows whom', paused('paused'), expected, since(0), ['standby: lag fail', 'standby: replay fail']],
    ['about to pause', paused('pause requested'), expected, since(0), ['standby: lag fail', 'standby: replay fail']],
    ['paused for a backup', paused('paused'), mayPause, since(21_000), ['standby: replay warn']],
    ['paused for too long', paused('paused'), mayPause, since(22_000), ['standby: lag fail', 'standby: replay fail']],
    ['not known', paused(null), expected, since(0), ['standby: lag fail', 'standby: replay fail']],
  ])('%s', (_, answers, as, earlier, alarms) => {
    expect(amiss(answers, as, earlier)).toEqual(alarms)
  })

  test('how long it has been so is remembered, also over a poll without an answer, and forgotten when it goes on', () => {
    const first = judge(mayPause, paused('paused'), undefined, nowMs - 60_000).memory
    const second = judge(mayPause, [primaryAnswer(), silentAnswer('standby')], first, nowMs - 30_000).memory
    const third = judge(mayPause, paused('paused'), second, nowMs).memory
    expect(third.pausedNodes).toEqual({ standby: nowMs - 60_000 })
    expect(judge(mayPause, well, third, nowMs).memory.pausedNodes).toEqual({})
  })
})

describe('slots', () => {
  test.each<[string, Answers, string[]]>([
    ['missing', slots(), ['standby: slot fail']],
    [
      'lost: everything else of it is NULL',
      slots({ walStatus: 'lost', retainedBytes: null, safeWalBytes: null }),
      ['standby: slot fail'],
    ],
    ['unreserved', slots({ walStatus: 'unreserved', safeWalBytes: -5 }), ['standby: slot warn']],
    ['extended is what slots are for', slots({ walStatus: 'extended' }), []],
    ['holds too much', slots({ retainedBytes: 2_000_000_001 }), ['standby: slot fail']],
    ['holds as much as it may', slots({ retainedBytes: 2_000_000_000 }), []],
    ['never used: NULL is not little', slots({ retainedBytes: null, walStatus: null }), ['standby: slot fail']],
    ['logical, under the name of a standby', slots({ type: 'logical' }), ['standby: slot fail']],
    ['not in use, just now', slots({ active: false }), ['standby: slot warn']],
    ['not in use, by its own clock', slots({ active: false, inactiveSeconds: 121 }), ['standby: slot fail']],
    ['keeps old rows', slots({ xminAge: 100_000_001 }), ['standby: slot warn']],
    ['keeps very old rows', slots({ xminAge: 200_000_001 }), ['standby: slot fail']],
    ['a strange one in use', slots({}, { name: 'cdc', type: 'logical' }), []],
    ['a strange one not in use', slots({}, { name: 'cdc', active: false, inactiveSeconds: 121 }), ['cdc: slot warn']],
    ['a strange one that holds too much', slots({}, { name: 'cdc', active: false, retainedBytes: 3e9 }), ['cdc: slot fail']],
    ['a strange one that is lost', slots({}, { name: 'cdc', walStatus: 'lost', active: false }), ['cdc: slot warn']],
  ])('%s', (_, answers, alarms) => {
    expect(amiss(answers)).toEqual(alarms)
  })

  test('before PostgreSQL 17 the polls themselves tell how long a slot is not in use', () => {
    const { memory } = judge(expected, slots({ active: false }), undefined, nowMs - 121_000)
    expect(amiss(slots({ active: false }), expected, memory)).toEqual(['standby: slot fail'])
    expect(judge(expected, well, memory, nowMs).memory.inactiveSlots).toEqual({})
  })
})

describe('synchronous commits', () => {
  test.each<[string, Answers, Expected, string[]]>([
    ['nobody to wait for', twice('standby'), expected, ['primary: synchronous fail']],
    ['nobody to wait for, as the definition says', twice(''), expected, []],
    ['should wait and do not', twice(''), synchronous, ['primary: synchronous fail']],
    [
      'do not wait at all',
      [primaryAnswer({ synchronous: { names: 'standby', commit: 'local' } }), standbyAnswer()],
      expected,
      [],
    ],
  ])('%s', (_, answers, as, alarms) => {
    expect(amiss(answers, as)).toEqual(alarms)
  })

  test.each<[string, 'sync' | 'quorum', string[]]>([
    ['FIRST 1 (standby)', 'sync', []],
    ['ANY 1 (standby, other)', 'quorum', []],
    ['*', 'sync', []],
    ['2 (standby, other)', 'sync', ['primary: synchronous fail']],
  ])('%s with one %s standby', (names, syncState, alarms) => {
    const readings = [{ ...reading, senders: [{ ...sender, syncState }] }] as const
    const answers = [primaryAnswer({ synchronous: { names, commit: 'on' }, readings: [readings[0]] }), standbyAnswer()]
    expect(amiss(answers, synchronous)).toEqual(alarms)
  })
})

describe('what holds of every server', () => {
  const transactions = (role: string, ageSeconds: number): Answers => [
    primaryAnswer({}, { transactions: [{ role, who: 'pid 9', state: 'active', ageSeconds }] }),
    standbyAnswer(),
  ]
  const disk: Expected = { ...expected, nodes: expected.nodes.map((node) => ({ ...node, diskBytes: 100e9 })) }
  const sized = (dataBytes: number): Answers => [
    primaryAnswer({}, { sizes: { dataBytes, walBytes: 5e9 } }),
    standbyAnswer({}, { sizes: { dataBytes: 1, walBytes: 1 } }),
  ]

  test.each<[string, Answers, Expected, string[]]>([
    ['a role without rights', [primaryAnswer({}, { seesAll: false }), standbyAnswer()], expected, ['primary: rights fail']],
    ['85 connections of 100', [primaryAnswer({}, { connections: { used: 85, max: 100 } }), standbyAnswer()], expected, []],
    [
      '86 connections of 100',
      [primaryAnswer({}, { connections: { used: 86, max: 100 } }), standbyAnswer()],
      expected,
      ['primary: connections fail'],
    ],
    ['an hour', transactions('app', 3600), expected, []],
    ['more than an hour', transactions('app', 3601), expected, ['primary: transactions fail']],
    ['a backup of twelve hours', transactions('ballast_backup', 43_200), expected, []],
    ['a backup of more', transactions('ballast_backup', 43_201), expected, ['primary: transactions fail']],
    ['15 % of the disk', sized(80e9), disk, []],
    ['less', sized(80.1e9), disk, ['primary: disk fail']],
    ['sizes that took too long', [primaryAnswer(), sized(1)[1] ?? standbyAnswer()], disk, ['primary: disk warn']],
  ])('%s', (_, answers, as, alarms) => {
    expect(amiss(answers, as)).toEqual(alarms)
  })
})
