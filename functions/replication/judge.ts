import { type Check, type Finding, fail, ok, warn } from '../platform/check.ts'
import { archivingFinding } from './archive-verdict.ts'
import type { Expected, ExpectedNode } from './expected.ts'
import type { Answer, ServerFacts } from './facts.ts'
import { isLate, type Lag, type LagExcuse, type Lags, lagFinding, lagOf } from './lag-verdict.ts'
import { loadFindings } from './load-verdicts.ts'
import { earlierPositions, noMemory, type PollMemory, since, type WalPosition, withPosition } from './memory.ts'
import type { PauseNews } from './pause-news.ts'
import { primaryFinding } from './primary-verdict.ts'
import { isPaused, newsOf, replayFinding } from './replay-verdict.ts'
import { senderOf } from './senders.ts'
import { type ActingPrimary, connectionOf, factsOf, type Situation, situationOf } from './situation.ts'
import { missingSlot, slotFinding } from './slot-verdicts.ts'
import { historyFinding, standbyFinding } from './standby-verdicts.ts'
import { synchronousFinding } from './synchronous-verdict.ts'

/** What one poll comes to. */
export interface Judged {
  /** One for each thing that was looked at, under the same subject and name in every poll. */
  checks: Check[]
  /** How far each replica is behind; undefined where that is not known. With an excuse it says nothing of how well it is. */
  lags: { node: string; lag: Lag | undefined; excuse?: LagExcuse }[]
  /** For how long replay has been paused for a run that is at work. */
  replayPausedSeconds?: number
  /** For the next poll. */
  memory: PollMemory
}

/**
 * Judges what the servers said against what should be, by the rules of docs/replication.md.
 *
 * @param news what is known of a pause of replay.
 */
export function judge(
  expected: Expected,
  answers: readonly Answer<ServerFacts>[],
  earlier: PollMemory = noMemory,
  nowMs: number,
  news: PauseNews = { is: 'not asked' },
): Judged {
  const situation = situationOf(expected, answers)
  const { acting, defined } = situation
  const positions = acting && positionsOf(acting, earlier)
  const memory = memoryOf(situation, earlier, nowMs)
  const replicas = expected.nodes.filter(({ role, name }) => role === 'replica' && name !== acting?.node.name)
  const judged = replicas.map((node) =>
    judgeReplica({ situation, positions: positions ?? [], memory, nowMs }, node, newsOf(news, node)),
  )
  const checks = [
    ...(defined === undefined ? [] : [about(defined.name, primaryFinding(situation, defined))]),
    ...expected.nodes.flatMap((node) => serverChecks(situation, node)),
    ...promoted(situation),
    ...judged.flatMap((replica) => replica.checks),
    ...(acting === undefined ? [] : slotChecks(acting, expected, memory, nowMs)),
    ...(acting === undefined ? [] : primaryChecks(acting, expected, positions ?? [])),
  ]
  const caughtUp = Object.fromEntries(judged.flatMap((replica) => replica.caughtUp))
  return { checks, lags: judged.map(({ lag }) => lag), memory: { ...memory, caughtUp }, ...pausedNews(news, nowMs) }
}

function about(subject: string, finding: Finding): Check {
  return { subject, ...finding }
}

function pausedNews(news: PauseNews, nowMs: number): Pick<Judged, 'replayPausedSeconds'> {
  return news.is === 'needed' ? { replayPausedSeconds: Math.round((nowMs - news.sinceMs) / 1000) } : {}
}

/** Where the primary was before, and where it was when this poll began. */
function positionsOf({ facts, primary: { readings } }: ActingPrimary, earlier: PollMemory): WalPosition[] {
  const [{ lsn, clockMs }] = readings
  const past = earlierPositions(earlier, facts).filter((position) => position.clockMs <= clockMs)
  return [...past, { lsn, clockMs }]
}

function memoryOf({ expected, answers, acting }: Situation, earlier: PollMemory, nowMs: number): PollMemory {
  const { caughtUp } = earlier
  const paused = expected.nodes.filter(({ name }) => {
    const facts = factsOf(answers, name)
    // A node that does not answer has not resumed.
    return facts === undefined ? earlier.pausedNodes[name] !== undefined : isPaused(facts)
  })
  const pausedNodes = since(
    earlier.pausedNodes,
    paused.map(({ name }) => name),
    nowMs,
  )
  if (acting === undefined) return { ...earlier, pausedNodes }
  const { facts, primary } = acting
  const [first] = primary.readings
  const { systemId, timeline } = facts
  const inactive = primary.slots.filter(({ active }) => !active).map(({ name }) => name)
  return {
    wal: { systemId, timeline, positions: withPosition(earlierPositions(earlier, facts), first) },
    inactiveSlots: since(earlier.inactiveSlots, inactive, nowMs),
    ...{ pausedNodes, caughtUp },
  }
}

function serverChecks({ expected, answers }: Situation, node: ExpectedNode): Check[] {
  const answer = answers.get(node.name)
  if (answer === undefined || 'problem' in answer) {
    const { message, hint } = answer?.problem ?? { message: 'was not asked', hint: 'Ask every node of the definition.' }
    return [about(node.name, fail('server', message, hint))]
  }
  const found = [ok('server', 'answers'), ...loadFindings(answer.facts, node, expected)]
  return found.map((finding) => about(node.name, finding))
}

/** A replica that took over: it is judged as the primary, and is no standby any more. */
function promoted(situation: Situation): Check[] {
  const { acting } = situation
  return acting?.node.role === 'replica' ? [about(acting.node.name, standbyFinding(situation, acting.node))] : []
}

function replicaLags(situation: Situation, node: ExpectedNode, positions: readonly WalPosition[]): Lags {
  const sender = connectionOf(situation, node)
  const latest = situation.acting?.primary.readings.at(-1)
  const lagAt = (lsn: string | null | undefined): Lag | undefined => (latest && lsn ? lagOf(lsn, latest, positions) : undefined)
  return { replayed: lagAt(sender?.replayLsn), received: lagAt(sender?.flushLsn) }
}

/** What all replicas are judged with. */
interface ReplicaContext {
  situation: Situation
  positions: readonly WalPosition[]
  memory: PollMemory
  nowMs: number
}

interface JudgedReplica {
  checks: Check[]
  lag: Judged['lags'][number]
  /** For the memory of the next poll: after which pause it has caught up. */
  caughtUp: [string, number][]
}

function judgeReplica(
  { situation, positions, memory, nowMs }: ReplicaContext,
  node: ExpectedNode,
  news: PauseNews,
): JudgedReplica {
  const { limits } = situation.expected
  const own = factsOf(situation.answers, node.name)
  const lags = replicaLags(situation, node, positions)
  const history = own && historyFinding(situation, node, own)
  const seconds = (nowMs - (memory.pausedNodes[node.name] ?? nowMs)) / 1000
  const replay = own?.standby && replayFinding(node, own, { seconds, nowMs }, limits, news)
  const caughtUp = hasCaughtUp(node, news, lags, memory, limits)
  const excuse = history?.status === 'fail' ? otherHistory : pauseExcuse(own, replay, news, caughtUp.length > 0)
  const found = [
    standbyFinding(situation, node),
    lagFinding(connectionOf(situation, node), lags, excuse, limits),
    history,
    replay,
  ]
  return {
    checks: found.filter((finding) => finding !== undefined).map((finding) => about(node.name, finding)),
    lag: { node: node.name, lag: lags.replayed, ...(excuse === undefined ? {} : { excuse }) },
    caughtUp,
  }
}

const otherHistory: LagExcuse = 'on another timeline or of another cluster'

/** A pause that is in order excuses lag, and so does what it has left; one that is not is its own alarm, and excuses nothing. */
function pauseExcuse(
  own: ServerFacts | undefined,
  replay: Finding | undefined,
  news: PauseNews,
  caughtUp: boolean,
): LagExcuse | undefined {
  // One that does not answer is paused for as long as a run needs it so.
  const paused = own === undefined ? news.is === 'needed' : isPaused(own)
  if (paused) return replay?.status === 'fail' ? undefined : 'paused for a backup'
  const catchesUp = news.is === 'ending' || (news.is === 'catching up' && !caughtUp)
  return catchesUp ? 'catching up after a backup' : undefined
}

/** Since it was once within its limits after a pause, it is judged by them again. */
function hasCaughtUp(
  { name }: ExpectedNode,
  news: PauseNews,
  { replayed }: Lags,
  { caughtUp }: PollMemory,
  limits: Expected['limits'],
): [string, number][] {
  if (news.is !== 'catching up') return []
  const isBack = caughtUp[name] === news.resumedMs || (replayed !== undefined && !isLate(replayed, limits))
  return isBack ? [[name, news.resumedMs]] : []
}

function slotChecks({ node: at, primary }: ActingPrimary, expected: Expected, memory: PollMemory, nowMs: number): Check[] {
  const { slots, freezeMaxAge } = primary
  const owners = new Map(expected.nodes.flatMap((node) => (node.slot === undefined || node === at ? [] : [[node.slot, node]])))
  const missing = [...owners].filter(([name]) => !slots.some((slot) => slot.name === name))
  return [
    ...missing.map(([name, node]) => about(name, missingSlot(node, at.name, slots))),
    ...slots.map((slot) => {
      const seen = (nowMs - (memory.inactiveSlots[slot.name] ?? nowMs)) / 1000
      const inactiveSeconds = Math.max(seen, slot.inactiveSeconds ?? 0)
      const judgement = {
        node: owners.get(slot.name),
        primary: at.name,
        inactiveSeconds,
        freezeMaxAge,
        limits: expected.limits,
      }
      return about(slot.name, slotFinding(slot, judgement))
    }),
  ]
}

function primaryChecks(acting: ActingPrimary, expected: Expected, positions: readonly WalPosition[]): Check[] {
  const { node, primary, senders } = acting
  const [first = primary.readings[0], ...rest] = positions
  const latest = primary.readings.at(-1) ?? primary.readings[0]
  const { archiver, segmentBytes } = primary
  const { maxArchiveAgeSeconds } = expected.limits
  const strangers = senders.filter((sender) => !expected.nodes.some((one) => senderOf(one, [sender]) !== undefined))
  return [
    about(node.name, synchronousFinding(acting, expected.synchronousStandbys)),
    ...(expected.archiving
      ? [about(node.name, archivingFinding(archiver, segmentBytes, [first, ...rest, latest], maxArchiveAgeSeconds))]
      : []),
    ...strangers.map(({ applicationName, slot }) => {
      const through = slot === null ? 'without a slot' : `through ${slot}`
      const fix =
        'Add it to the nodes of the definition, so that it is watched; or end it: it reads everything that is written.'
      return about(
        applicationName ?? 'unknown',
        warn('stranger', `streams from ${node.name} ${through}, and the definition does not know it`, fix),
      )
    }),
  ]
}
