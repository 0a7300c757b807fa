import type { SenderFacts, WalReading } from './facts.ts'
import { bytesBetween } from './lsn.ts'

/** They stream WAL, and none of them is a standby. */
const tools = ['pg_basebackup', 'pg_rewind', 'pg_receivewal']

/** The connections of standbys: no tools, no base backups, no logical subscribers. */
export function standbySenders({ senders }: WalReading): SenderFacts[] {
  return senders.filter((sender) => {
    return !sender.logical && sender.state !== 'backup' && !tools.includes(sender.applicationName ?? '')
  })
}

/** The connection of one standby: the one that uses its slot, else the one with its name. */
export function senderOf(
  node: { name: string; slot: string | undefined },
  senders: readonly SenderFacts[],
): SenderFacts | undefined {
  const bySlot = senders.find(({ slot }) => slot !== null && slot === node.slot)
  return bySlot ?? senders.find(({ applicationName }) => applicationName === node.name)
}

/** Whether WAL is flowing, even if much of it is still to come. */
export function isStreaming({ state }: SenderFacts): boolean {
  return state === 'streaming' || state === 'catchup'
}

/** Whether any standby has not yet replayed, in the later reading, what the primary had written in the earlier one. */
export function isAnyBehind(earlier: WalReading, later: WalReading): boolean {
  return standbySenders(later).some(
    (sender) => isStreaming(sender) && sender.replayLsn !== null && bytesBetween(sender.replayLsn, earlier.lsn) > 0,
  )
}
