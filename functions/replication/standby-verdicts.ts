import { type Finding, fail, ok, warn } from '../platform/check.ts'
import { formatDuration } from '../platform/quantities.ts'
import type { ExpectedNode } from './expected.ts'
import type { SenderFacts, ServerFacts } from './facts.ts'
import { isStreaming } from './senders.ts'
import { type ActingPrimary, connectionOf, factsOf, type Situation } from './situation.ts'

/** Statuses that a standby may leave out before the link counts as dead. */
const missedStatuses = 3

/** Whether a replica streams from the primary. What is not there is an alarm: no row is what a cut link looks like. */
export function standbyFinding(situation: Situation, node: ExpectedNode): Finding {
  const { acting, answers } = situation
  const own = factsOf(answers, node.name)
  if (own?.inRecovery === false) {
    const fix = `If ${node.name} was promoted on purpose, change the roles in the definition; if not, stop it at once and make it a standby again.`
    return fail('standby', 'takes writes: it is no standby', fix)
  }
  if (acting === undefined) return withoutPrimary(own)
  const sender = connectionOf(situation, node)
  if (sender === undefined) return notConnected(acting, node, own)
  if (sender.state === null) {
    return fail(
      'standby',
      'the primary does not say: its state is NULL',
      'Grant the monitor pg_monitor: docs/monitor-role.sql.',
    )
  }
  if (!isStreaming(sender)) {
    const fix = `Look at the log of ${node.name}: it has connected and does not receive yet.`
    return fail('standby', `does not stream yet: ${sender.state}`, fix)
  }
  return silence(sender, own, node) ?? otherName(sender, node) ?? ok('standby', streamingText(acting, sender))
}

function withoutPrimary(own: ServerFacts | undefined): Finding {
  const fix = 'See to the primary first: only it can say whether this standby is whole.'
  if (own?.standby === undefined) return fail('standby', 'neither it nor a primary answers', fix)
  const { receiver } = own.standby
  if (receiver?.status !== 'streaming') return fail('standby', 'receives WAL from nobody', fix)
  return warn('standby', `streams from ${receiver.host ?? 'somewhere'}, and that does not answer here`, fix)
}

function notConnected(
  { node: primary, primary: { slots } }: ActingPrimary,
  node: ExpectedNode,
  own: ServerFacts | undefined,
): Finding {
  const where = primary.name
  if (own === undefined) {
    const isKnown = slots.some(({ name }) => name === node.slot)
    const fix = isKnown
      ? `Start ${node.name}, or look at why neither ${where} nor this machine reaches it.`
      : `${where} knows neither this standby nor its slot: make it as docs/replication.md says, or remove ${node.path} from the definition.`
    return fail('standby', `is not connected to ${where}, and does not answer`, fix)
  }
  const receiver = own.standby?.receiver
  if (receiver?.status === 'streaming') {
    const fix = `Point primary_conninfo of ${node.name} to ${where}, with application_name=${node.name} and the slot ${node.slot}; or correct ${node.path} in the definition.`
    return fail(
      'standby',
      `streams from ${receiver.host ?? 'somewhere'}, and ${where} does not know it by its slot or name`,
      fix,
    )
  }
  const fix = `Look at the log of ${node.name} (why it cannot connect), at the network to ${where}, and at pg_hba.conf there.`
  return fail('standby', `is cut off: ${where} has no connection of it, and it has no receiver`, fix)
}

/** Both times are the standby's own, so that no two clocks are compared. */
function silence(sender: SenderFacts, own: ServerFacts | undefined, node: ExpectedNode): Finding | undefined {
  const intervalSeconds = own?.standby?.statusIntervalSeconds ?? 0
  if (own === undefined || intervalSeconds === 0 || sender.replyMs === null) return undefined
  const silentSeconds = (own.clockMs - sender.replyMs) / 1000
  if (silentSeconds <= missedStatuses * intervalSeconds) return undefined
  const fix = `Look at the network between the primary and ${node.name}: the connection is open and nothing passes.`
  return fail('standby', `the primary has not heard from it for ${formatDuration(silentSeconds)}`, fix)
}

function otherName({ applicationName }: SenderFacts, node: ExpectedNode): Finding | undefined {
  if (applicationName === node.name) return undefined
  const fix = `Set application_name=${node.name} in its primary_conninfo: synchronous_standby_names and people know it by that.`
  return warn('standby', `streams through ${node.slot} under the name ${applicationName}`, fix)
}

function streamingText({ node }: ActingPrimary, { slot, state, syncState }: SenderFacts): string {
  const behind = state === 'catchup' ? ', catching up' : ''
  const how = syncState === null || syncState === 'async' ? '' : `, ${syncState}`
  return `streams from ${node.name}${slot === null ? ', without a slot' : ` through ${slot}`}${how}${behind}`
}

/** Whether a replica belongs to the same cluster and the same course of history as the primary: else no difference of LSNs means anything. */
export function historyFinding({ acting }: Situation, node: ExpectedNode, own: ServerFacts): Finding | undefined {
  if (acting === undefined || acting.node === node) return undefined
  const { systemId, timeline } = acting.facts
  if (own.systemId !== systemId) {
    const fix = `${node.path} may have the address of another cluster's server: correct it, or make the standby anew with pg_basebackup.`
    return fail('history', `is of another cluster: system ${own.systemId}, the primary is ${systemId}`, fix)
  }
  if (own.timeline !== timeline) {
    const fix = `It follows what was written before a promotion, or another server: let it follow ${acting.node.name} (recovery_target_timeline = latest), else pg_rewind or pg_basebackup.`
    return fail('history', `is on timeline ${own.timeline}, the primary on ${timeline}`, fix)
  }
  return ok('history', `timeline ${timeline}, as the primary`)
}
