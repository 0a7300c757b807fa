import { isIPv6 } from 'node:net'
import type { Remote } from './remote.ts'
import { runSql } from './run-sql.ts'
import { cancelUndo, undoLater } from './undo-later.ts'

const table = 'ballast_drill'
const undo = 'ballast-drill-let-through'

/**
 * A table of nftables that loses everything between this machine and the PostgreSQL of the others, in both directions, and
 * nothing else: SSH stays, and so do the machine's own clients.
 */
export function cutOffTable(others: readonly string[], port: number): string {
  const rules = others.flatMap((address) => {
    const family = isIPv6(address) ? 'ip6' : 'ip'
    return [
      `add rule inet ${table} from_others ${family} saddr ${address} tcp sport ${port} drop`,
      `add rule inet ${table} to_others ${family} daddr ${address} tcp dport ${port} drop`,
    ]
  })
  return [
    // One transaction. Added before it is deleted, so that it may be there or not.
    `add table inet ${table}`,
    `delete table inet ${table}`,
    `add table inet ${table}`,
    `add chain inet ${table} from_others { type filter hook input priority -20; }`,
    `add chain inet ${table} to_others { type filter hook output priority -20; }`,
    ...rules,
    '',
  ].join('\n')
}

/** The machines that a replica is cut off from, and what it streams by. */
export interface CutLink {
  others: readonly Remote[]
  port: number
  slot: string | undefined
}

/**
 * Loses what goes between a replica and the servers of other machines. Both ends of its stream are ended as well: left alone
 * they would wait a minute (`wal_receiver_timeout`, `wal_sender_timeout`) before either said that it hears nothing.
 */
export async function cutOff(replica: Remote, { others, port, slot }: CutLink, signal: AbortSignal): Promise<void> {
  await undoLater(replica, undo, ['nft', 'delete', 'table', 'inet', table], signal)
  const addresses = others.map(({ node }) => node.address)
  await replica.run(['nft', '-f', '-'], { input: cutOffTable(addresses, port), signal })
  const receiver = await runSql(replica, 'SELECT pid FROM pg_stat_wal_receiver', { signal })
  if (/^\d+$/.test(receiver)) await replica.run(['kill', receiver], { signal })
  const end = `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND slot_name = '${slot ?? ''}'`
  await Promise.all(others.map((other) => runSql(other, end, { signal })))
}

/** Undoes {@link cutOff}. */
export async function letThrough(remote: Remote, signal: AbortSignal): Promise<void> {
  await remote.run(['nft', '-f', '-'], { input: `add table inet ${table}\ndelete table inet ${table}\n`, signal })
  await cancelUndo(remote, undo, signal)
}
