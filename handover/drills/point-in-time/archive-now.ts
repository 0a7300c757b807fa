import { setTimeout as sleep } from 'node:timers/promises'
import { definedPrimary } from '../../sites/site.ts'
import type { DrillScene } from '../drill.ts'

const pollMs = 50

/**
 * Ends the WAL segment that the last commit is in, waits until the archive has it, and says what a loss of the primary would
 * have cost: a segment that nobody ends is ended by the server after `archive_timeout`, and takes as long to arrive.
 */
export async function archiveNow({ site, record, signal }: DrillScene): Promise<void> {
  const primary = definedPrimary(site)
  const { replication, handover } = site.definition
  const startedMs = performance.now()
  const [segment = '', timeout = ''] = (await site.sql(primary, endSegmentSql, { signal })).split('\n')
  const deadline = startedMs + replication.maxArchiveAgeSeconds * 1000
  let arrived = false
  while (!arrived && performance.now() < deadline) {
    arrived = (await site.sql(primary, arrivedSql(segment), { signal })) === 't'
    if (!arrived) await sleep(pollMs, undefined, { signal })
  }
  const seconds = (performance.now() - startedMs) / 1000
  if (arrived) record.event('segmentArchived', segment)
  const samples = arrived ? 1 : 0
  record.measure('archivedAfter', {
    ...{ value: seconds, unit: 's', samples },
    limit: { is: 'at most', value: replication.maxArchiveAgeSeconds, from: 'replication.maxArchiveAge' },
  })
  const timeoutSeconds = Number(timeout)
  if (timeoutSeconds === 0) {
    record.finding('archive_timeout is 0: what a quiet server writes reaches the archive only when a segment is full')
    return
  }
  record.measure('archiveRecoveryPoint', {
    ...{ value: timeoutSeconds + seconds, unit: 's', samples },
    limit: { is: 'at most', value: handover.goals.recoveryPointSeconds, from: 'handover.goals.recoveryPoint' },
  })
}

const endSegmentSql = `SELECT pg_walfile_name(pg_current_wal_lsn());
SELECT setting FROM pg_settings WHERE name = 'archive_timeout';
SELECT FROM pg_switch_wal();`

/** Names of segments of one timeline sort by age. */
function arrivedSql(segment: string): string {
  return `SELECT coalesce(last_archived_wal >= '${segment}', false) FROM pg_stat_archiver`
}
