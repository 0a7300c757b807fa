import { type Finding, fail, ok, warn } from '../platform/check.ts'
import type { ServerFacts } from './server-facts.ts'

const oldestMajor = 14
const newestMajor = 18
/** Beside the workers: the session that holds the snapshot, pg_dump and pg_dumpall. */
const furtherConnections = 3
const ownTimeouts = [
  'statement_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'transaction_timeout',
  'lock_timeout',
]

/** What a server's facts mean for a backup that copies with this many workers. */
export function serverFindings(facts: ServerFacts, workers: number): Finding[] {
  return [
    versionFinding(facts),
    roleFinding(facts),
    connectionsFinding(facts, workers + furtherConnections),
    timeoutsFinding(facts),
    ...(facts.standby ? standbyFindings(facts) : []),
    ...snapshotFindings(facts),
  ]
}

function versionFinding({ version, versionNum, standby }: ServerFacts): Finding {
  const major = Math.floor(versionNum / 10_000)
  const what = `PostgreSQL ${version}, ${standby ? 'standby' : 'primary'}`
  if (major < oldestMajor) return fail('server', what, `Upgrade: versions from ${oldestMajor} on can be backed up.`)
  if (major <= newestMajor) return ok('server', what)
  return warn('server', what, `Prove a backup with \`ballast verify\`: versions after ${newestMajor} are not tested.`)
}

function roleFinding({ role, superuser }: ServerFacts): Finding {
  if (!superuser) return ok('role', `${role}, no superuser`)
  return warn(
    'role',
    `${role} is a superuser`,
    'Give backups a role that can only read: docs/backup-role.sql has the statements.',
  )
}

function connectionsFinding({ connections, limits, settings }: ServerFacts, needed: number): Finding {
  const reserved = numberOf(settings, 'superuser_reserved_connections') + numberOf(settings, 'reserved_connections')
  const free = Math.min(
    numberOf(settings, 'max_connections') - reserved - connections.total,
    limits.role === -1 ? Number.POSITIVE_INFINITY : limits.role - connections.role,
    limits.database === -1 ? Number.POSITIVE_INFINITY : limits.database - connections.database,
  )
  if (free >= needed) return ok('connections', `${free} free, a backup takes ${needed}`)
  return warn(
    'connections',
    `${Math.max(0, free)} free, a backup takes ${needed}`,
    'Lower --workers, or raise the limit of the role or server.',
  )
}

/** Ballast and pg_dump turn these off in their own sessions, so they only look alarming. */
function timeoutsFinding({ settings }: ServerFacts): Finding {
  const set = ownTimeouts.filter((name) => numberOf(settings, name) > 0)
  if (set.length === 0) return ok('timeouts', 'none for this role')
  const named = set.map((name) => `${name} = ${milliseconds(numberOf(settings, name))}`)
  return ok('timeouts', `${named.join(', ')}: turned off in Ballast's own sessions`)
}

function standbyFindings({ settings }: ServerFacts): Finding[] {
  const delayMs = numberOf(settings, 'max_standby_streaming_delay')
  const delay =
    delayMs === -1
      ? ok('replay delay', 'max_standby_streaming_delay = -1: replay waits for a backup')
      : warn(
          'replay delay',
          `max_standby_streaming_delay = ${milliseconds(delayMs)}: a conflict with replay cancels a longer backup`,
          'On a standby that serves backups, set max_standby_streaming_delay = -1, or longer than a backup takes; then reload.',
        )
  const feedback =
    settings.get('hot_standby_feedback') === 'on'
      ? ok('feedback', 'hot_standby_feedback = on')
      : warn(
          'feedback',
          'hot_standby_feedback = off: vacuum on the primary can cancel a backup here',
          'Set hot_standby_feedback = on on this standby and reload it.',
        )
  return [delay, feedback]
}

function snapshotFindings({ settings }: ServerFacts): Finding[] {
  const minutes = numberOf(settings, 'old_snapshot_threshold', -1)
  if (minutes < 0) return []
  const fix = 'Set old_snapshot_threshold = -1 and restart the server.'
  return [warn('snapshot', `old_snapshot_threshold = ${minutes} min: a longer backup fails with "snapshot too old"`, fix)]
}

function numberOf(settings: ServerFacts['settings'], name: string, missing = 0): number {
  const value = settings.get(name)
  return value === undefined ? missing : Number(value)
}

function milliseconds(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`
}
