import { leastFanOutConnections } from '../../../config/fan-out.ts'
import { Failure } from '../../platform/failure.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { one } from '../source.ts'

/** What the server lets a run that takes hours do; asked in the session that will hold the snapshot. */
export interface ServerLimits {
  /** `max_connections`, without those that are kept for superusers. */
  connections: number
  /** Of them in use now. */
  used: number
  /** -1 for none. */
  roleLimit: number
  databaseLimit: number
  standby: boolean
  replayPaused: boolean
  /** Milliseconds; -1 waits for ever. */
  streamingDelayMs: number
  feedback: boolean
  /** Timeouts that are on in this session although it has turned them off, such as `transaction_timeout`. */
  timeouts: string[]
}

const limitsSql = `
SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true), '0')::int AS connections,
  (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
  (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS "roleLimit",
  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS "databaseLimit",
  pg_is_in_recovery() AS standby,
  CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE false END AS "replayPaused",
  (SELECT setting::int FROM pg_settings WHERE name = 'max_standby_streaming_delay') AS "streamingDelayMs",
  current_setting('hot_standby_feedback')::bool AS feedback,
  (SELECT coalesce(json_agg(name || ' = ' || setting ORDER BY name), '[]') FROM pg_settings WHERE setting <> '0' AND name IN
    ('statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')) AS timeouts`

export async function readLimits(session: Session): Promise<ServerLimits> {
  return await one<ServerLimits>(session, limitsSql)
}

/**
 * Refuses, before anything is begun, what would end a run hours later.
 *
 * @param plan how the run will work: `connections` is `backup.fanOut.connections`, `pauses` whether replay stands still meanwhile.
 * @throws Failure `config` that names the setting to change; `transient` when only now too few connections are free.
 */
export function refuseUnfit(limits: ServerLimits, plan: RunNeeds, role: string): void {
  const refusal = unfit(limits, plan, role)
  if (refusal !== undefined) throw refusal
}

/** What a run will take, and do. */
interface RunNeeds {
  connections: number
  pauses: boolean
}

function unfit(limits: ServerLimits, { connections: budget, pauses }: RunNeeds, role: string): Failure | undefined {
  const { connections, used, roleLimit, databaseLimit, timeouts } = limits
  if (budget < leastFanOutConnections)
    return refusal(
      `backup.fanOut.connections is ${budget}: four connections hold and describe, and at least one copies`,
      'backup.fanOut.connections',
      `Set backup.fanOut.connections to ${leastFanOutConnections} or more.`,
    )
  const tooFew = [
    { setting: 'max_connections', most: connections, fix: 'raise max_connections' },
    { setting: `the connection limit of role ${role}`, most: roleLimit, fix: `ALTER ROLE ... CONNECTION LIMIT ${budget}` },
    { setting: 'the connection limit of the database', most: databaseLimit, fix: 'ALTER DATABASE ... CONNECTION LIMIT -1' },
  ].find(({ most }) => most >= 0 && most < budget)
  if (tooFew !== undefined)
    return refusal(
      `the run may use ${budget} connections (backup.fanOut.connections), and ${tooFew.setting} allows ${tooFew.most}`,
      tooFew.setting,
      `Lower backup.fanOut.connections to ${tooFew.most} or less, or change the server: ${tooFew.fix}.`,
    )
  if (timeouts.length > 0)
    return refusal(
      `the server would end the session that holds the snapshot: ${timeouts.join(', ')}`,
      timeouts[0] ?? 'timeouts',
      `Turn it off for the backup role: ALTER ROLE ... SET ${timeouts[0]?.split(' ')[0]} = 0.`,
    )
  // This session is one of those that are counted.
  const free = connections - used + 1
  if (free < budget)
    return new Failure(`the run may use ${budget} connections (backup.fanOut.connections), and ${free} are free now`, {
      ...{ kind: 'transient', subject: 'max_connections', code: 'NoConnections' },
      hint: 'Raise max_connections, or lower backup.fanOut.connections: a run that takes hours must not starve the application.',
    })
  return pauses ? undefined : unfitStandby(limits)
}

/** For hours a standby that ends whatever is in the way of its replay ends the run, sooner or later. */
function unfitStandby({ standby, replayPaused, streamingDelayMs, feedback }: ServerLimits): Failure | undefined {
  if (!standby || replayPaused || streamingDelayMs < 0 || feedback) return undefined
  return refusal(
    `the standby ends queries that are ${streamingDelayMs / 1000} s in the way of its replay (max_standby_streaming_delay), and a run holds its snapshot for longer`,
    'max_standby_streaming_delay',
    'On the standby turn hot_standby_feedback on, or set max_standby_streaming_delay = -1, or let a replica serve backups alone (backup.fanOut.pauseReplica).',
  )
}

function refusal(message: string, subject: string, hint: string): Failure {
  return new Failure(message, { kind: 'config', subject, hint, code: 'Unfit' })
}
