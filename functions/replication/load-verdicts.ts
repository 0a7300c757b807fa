import { type Finding, fail, ok, warn } from '../platform/check.ts'
import { formatBytes, formatDuration } from '../platform/quantities.ts'
import type { Expected, ExpectedNode } from './expected.ts'
import type { OpenTransaction, ServerFacts } from './facts.ts'

/** What holds of any server, primary or standby: rights, connections, transactions, disk. */
export function loadFindings(facts: ServerFacts, node: ExpectedNode, expected: Expected): Finding[] {
  return [
    ...(facts.seesAll ? [] : [noRights]),
    connectionsFinding(facts, expected),
    transactionsFinding(facts, expected),
    ...(node.diskBytes === undefined ? [] : [diskFinding(facts, node.diskBytes, expected)]),
  ]
}

const noRights = fail(
  'rights',
  'the role may not see what other roles do: most of what is judged here is NULL to it',
  'On the primary run: GRANT pg_monitor TO the monitor role; docs/monitor-role.sql has all of it.',
)

function connectionsFinding({ connections: { used, max } }: ServerFacts, { limits }: Expected): Finding {
  const percent = (used / max) * 100
  const finding = `${used} of ${max} in use`
  if (percent <= limits.maxConnectionsUsedPercent) return ok('connections', finding)
  const fix =
    'Find who holds them (pg_stat_activity by usename, application_name and state); let the application go through PgBouncer.'
  return fail('connections', `${finding}; at most ${limits.maxConnectionsUsedPercent} %`, fix)
}

function transactionsFinding({ transactions }: ServerFacts, { limits, backupUser }: Expected): Finding {
  const limitOf = ({ role }: OpenTransaction): number => {
    return role === backupUser ? limits.maxSnapshotAgeSeconds : limits.maxTransactionAgeSeconds
  }
  const text = ({ role, who, state, ageSeconds }: OpenTransaction): string => {
    return `${role ?? 'unknown'} (${who}, ${state ?? 'state unknown'}) for ${formatDuration(ageSeconds)}`
  }
  const old = transactions.filter((one) => one.ageSeconds > limitOf(one))
  const [oldest] = transactions.toSorted((a, b) => b.ageSeconds - a.ageSeconds)
  if (old.length === 0) return ok('transactions', oldest === undefined ? 'none open' : `the oldest is ${text(oldest)}`)
  const least = Math.min(...old.map(limitOf))
  return fail(
    'transactions',
    `${old.map(text).join(', ')}; at most ${formatDuration(least)}`,
    'It keeps VACUUM from removing dead rows, and may hold locks: end it in the application, else SELECT pg_terminate_backend(pid); a prepared one with ROLLBACK PREPARED.',
  )
}

/** A server tells no free space, but what its own files take leaves no more than the rest of the disk. */
function diskFinding({ sizes }: ServerFacts, diskBytes: number, { limits }: Expected): Finding {
  if (sizes === undefined) {
    return warn('disk', 'the server did not tell its sizes in time', 'Watch the disk from the machine itself.')
  }
  const { dataBytes, walBytes } = sizes
  const freeBytes = Math.max(0, diskBytes - dataBytes - walBytes)
  const percent = (freeBytes / diskBytes) * 100
  const finding = `${formatBytes(dataBytes)} of data and ${formatBytes(walBytes)} of WAL leave at most ${formatBytes(freeBytes)} of ${formatBytes(diskBytes)}`
  if (percent >= limits.minDiskFreePercent) return ok('disk', finding)
  const fix =
    'Enlarge the disk, and its size in the definition; if it is WAL, see what keeps it: slots, archiving, wal_keep_size.'
  return fail('disk', `${finding}; at least ${limits.minDiskFreePercent} %`, fix)
}
