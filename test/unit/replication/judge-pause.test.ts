import { describe, expect, test } from 'vitest'
import { defineCluster } from '../../../config/index.ts'
import type { Check } from '../../../functions/platform/check.ts'
import { expectedCluster } from '../../../functions/replication/expected.ts'
import type { Answer, SenderFacts, ServerFacts } from '../../../functions/replication/facts.ts'
import { judge } from '../../../functions/replication/judge.ts'
import type { PollMemory } from '../../../functions/replication/memory.ts'
import type { PauseNews } from '../../../functions/replication/pause-news.ts'
import { replicationOutcome } from '../../../functions/replication/replication-outcome.ts'
import { nowMs, primaryAnswer, reading, sender, slot, standbyAnswer } from '../../support/replication-facts.ts'
import { definitionOf } from '../../support/watched-cluster.ts'

type Answers = readonly Answer<ServerFacts>[]

const behind = { replayLsn: '0/4000000' }

describe('replay that a backup has paused, or had', () => {
  const two = expectedCluster(defineCluster(definitionOf(2)))
  const minuteMs = 60_000
  const sinceMs = nowMs - 60 * minuteMs
  const own = { node: 'standby', sinceMs }
  const catchingUp: PauseNews = { is: 'catching up', node: 'standby', resumedMs: nowMs - minuteMs }
  const other = { ...sender, applicationName: 'standby-2', slot: 'standby_2' }
  const slotsOfTwo = [slot, { ...slot, name: 'standby_2' }]

  /** Both standbys are behind, or where a sender says otherwise; the first is paused, or not. */
  const answersOf = (pauseState: string, first: Partial<SenderFacts> = behind, second: Partial<SenderFacts> = {}): Answers => [
    primaryAnswer({
      slots: slotsOfTwo,
      readings: [
        {
          ...reading,
          senders: [
            { ...sender, ...first },
            { ...other, ...second },
          ],
        },
      ],
    }),
    standbyAnswer({ pauseState }),
    standbyAnswer({}, {}, 'standby-2'),
  ]
  const judgedWith = (answers: Answers, news: PauseNews, earlier?: PollMemory) => judge(two, answers, earlier, nowMs, news)
  const linesOf = ({ checks }: { checks: Check[] }): string[] =>
    checks.filter(({ status }) => status !== 'ok').map(({ subject, name, status }) => `${subject}: ${name} ${status}`)
  const findingOf = ({ checks }: { checks: Check[] }, name: string) =>
    checks.find((check) => check.subject === 'standby' && check.name === name)?.finding

  const lagAndReplay = ['standby: lag fail', 'standby: replay fail']
  test.each<[string, PauseNews, string[]]>([
    ['a run needs it', { is: 'needed', ...own, sets: ['x'] }, []],
    ['a run needs another node', { is: 'needed', ...own, node: 'standby-2', sets: ['x'] }, lagAndReplay],
    [
      'a run needs it for longer than it may',
      { is: 'needed', ...own, sinceMs: nowMs - 361 * minuteMs, sets: ['x'] },
      lagAndReplay,
    ],
    ['the run has just ended', { is: 'ending', ...own }, []],
    ['it was resumed by this poll', { is: 'resumed', ...own }, ['standby: replay warn']],
    ['it could not be resumed', { is: 'stuck', ...own, problem: 'no', fix: 'Do it.' }, lagAndReplay],
    ['it is not ours', { is: 'none' }, lagAndReplay],
    ['ours is over: somebody has paused it since', catchingUp, lagAndReplay],
    ['the store does not say', { is: 'unreadable', problem: 'no route' }, lagAndReplay],
    ['the store was not asked', { is: 'not asked' }, lagAndReplay],
  ])('paused, and behind: %s', (_, news, alarms) => {
    expect(linesOf(judgedWith(answersOf('paused'), news))).toEqual(alarms)
  })

  test('says since when, and for which sets', () => {
    const judged = judgedWith(answersOf('paused'), { is: 'needed', ...own, sets: ['set-1', 'set-2'] })
    expect(findingOf(judged, 'replay')).toBe('paused for a backup since 2026-11-22 11:00 UTC (set-1, set-2)')
    expect(findingOf(judged, 'lag')).toMatch(/^16.8 MB behind, .*paused for a backup$/)
    expect(judged.replayPausedSeconds).toBe(3600)
    const { numbers } = replicationOutcome('replication', 'shop', judged)
    expect(numbers).toMatchObject({ replayPausedSeconds: 3600, lagBytes: 0 })
  })

  test('what was resumed is told at once', () => {
    const { checks } = judgedWith(answersOf('paused'), { is: 'resumed', ...own })
    expect(checks.filter(({ immediate }) => immediate)).toMatchObject([{ subject: 'standby', name: 'replay', status: 'warn' }])
  })

  test.each<[string, Answers, string[]]>([
    ['what it does not receive', answersOf('paused', { ...behind, flushLsn: '0/4000000' }), ['standby: lag fail']],
    ['what another does not replay', answersOf('paused', behind, behind), ['standby-2: lag fail']],
    [
      'that it does not stream',
      answersOf('paused', { ...behind, state: 'startup' }),
      ['standby: standby fail', 'standby: lag warn'],
    ],
    ['that nothing is known of its position', answersOf('paused', { replayLsn: null }), ['standby: lag fail']],
  ])('it does not excuse %s', (_, answers, alarms) => {
    expect(linesOf(judgedWith(answers, { is: 'needed', ...own, sets: ['x'] }))).toEqual(alarms)
  })

  test('afterwards it may catch up, until it has been within its limits once', () => {
    expect(linesOf(judgedWith(answersOf('not paused'), { is: 'ending', ...own }))).toEqual([])
    const first = judgedWith(answersOf('not paused'), catchingUp)
    expect(linesOf(first)).toEqual([])
    expect(findingOf(first, 'lag')).toMatch(/catching up after a backup$/)
    const well = judgedWith(answersOf('not paused', {}), catchingUp, first.memory)
    expect(linesOf(judgedWith(answersOf('not paused'), catchingUp, well.memory))).toEqual(['standby: lag fail'])
    const next: PauseNews = { ...catchingUp, resumedMs: nowMs }
    expect(linesOf(judgedWith(answersOf('not paused'), next, well.memory))).toEqual([])
    expect(linesOf(judgedWith(answersOf('not paused'), { is: 'none' }, first.memory))).toEqual(['standby: lag fail'])
  })
})
