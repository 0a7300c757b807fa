/**
 * What a `pg_monitor` role asks of a server of PostgreSQL 14 to 18. Times are milliseconds of the server's own clock, positions
 * in the WAL are text, and whatever the server does not know arrives as null.
 */

const clockMs = (time: string): string => `(extract(epoch FROM ${time}) * 1000)::bigint`

/** Of any server. On a standby the timeline is the one that it receives, or has received last. */
export const serverSql = `
SELECT json_build_object(
  'inRecovery', pg_is_in_recovery(),
  'systemId', (SELECT system_identifier::text FROM pg_control_system()),
  'timeline', CASE WHEN pg_is_in_recovery()
    THEN COALESCE((SELECT received_tli FROM pg_stat_wal_receiver WHERE status = 'streaming'),
      (SELECT greatest(c.timeline_id, r.min_recovery_end_timeline) FROM pg_control_checkpoint() c, pg_control_recovery() r))
    ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END,
  'clockMs', ${clockMs('clock_timestamp()')},
  'seesAll', pg_has_role('pg_read_all_stats', 'USAGE'),
  'connections', json_build_object('max', current_setting('max_connections')::int,
    'used', (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')),
  'transactions', (SELECT COALESCE(json_agg(t), '[]') FROM (
    SELECT DISTINCT ON (role) role, who, state, extract(epoch FROM clock_timestamp() - began)::float8 AS "ageSeconds" FROM (
      SELECT usename AS role, 'pid ' || pid AS who, state, xact_start AS began FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
      UNION ALL SELECT owner, 'gid ' || gid, 'prepared', prepared FROM pg_prepared_xacts) open
    ORDER BY role, began LIMIT 100) t)) AS facts`

/** Of a standby. */
export const standbySql = `
SELECT json_build_object(
  'pauseState', pg_get_wal_replay_pause_state(),
  'receiver', (SELECT json_build_object('status', status, 'slot', slot_name, 'host', sender_host) FROM pg_stat_wal_receiver),
  'statusIntervalSeconds', (SELECT setting::int FROM pg_settings WHERE name = 'wal_receiver_status_interval')) AS facts`

/** Of a primary. What came with PostgreSQL 17 is null before. */
export function primarySql(versionNum: number): string {
  const since17 = (expression: string): string => (versionNum >= 170_000 ? expression : 'NULL')
  return `
SELECT json_build_object(
  'slots', (SELECT COALESCE(json_agg(json_build_object('name', slot_name, 'type', slot_type, 'active', active,
      'walStatus', wal_status, 'safeWalBytes', safe_wal_size,
      'retainedBytes', pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8,
      'xminAge', greatest(age(xmin), age(catalog_xmin)),
      'inactiveSeconds', ${since17('extract(epoch FROM clock_timestamp() - inactive_since)::float8')},
      'invalidation', ${since17('invalidation_reason')})), '[]')
    FROM pg_replication_slots WHERE NOT temporary),
  'synchronous', json_build_object('names', current_setting('synchronous_standby_names'),
    'commit', current_setting('synchronous_commit')),
  'archiver', (SELECT json_build_object('mode', current_setting('archive_mode'), 'lastSegment', last_archived_wal,
    'lastMs', ${clockMs('last_archived_time')}, 'failedSegment', last_failed_wal, 'failedMs', ${clockMs('last_failed_time')})
    FROM pg_stat_archiver),
  'segmentBytes', (SELECT setting::int FROM pg_settings WHERE name = 'wal_segment_size'),
  'freezeMaxAge', current_setting('autovacuum_freeze_max_age')::int) AS facts`
}

/** Of a primary, as often as needed: where it is, and where those are that stream from it. */
export const readingSql = `
SELECT json_build_object('lsn', pg_current_wal_lsn(), 'clockMs', ${clockMs('clock_timestamp()')},
  'senders', (SELECT COALESCE(json_agg(json_build_object('pid', r.pid, 'applicationName', r.application_name, 'state', r.state,
      'syncState', r.sync_state, 'flushLsn', r.flush_lsn, 'replayLsn', r.replay_lsn, 'replyMs', ${clockMs('r.reply_time')}, 'slot', s.slot_name,
      'logical', COALESCE(s.slot_type = 'logical', false))), '[]')
    FROM pg_stat_replication r LEFT JOIN pg_replication_slots s ON s.active_pid = r.pid)) AS facts`

/** Bytes that the server's own files take: all that a role without access to the machine can learn about its disk. */
export const sizesSql = `
SELECT json_build_object('dataBytes', (pg_tablespace_size('pg_default') + pg_tablespace_size('pg_global'))::float8,
  'walBytes', (SELECT COALESCE(sum(size), 0)::float8 FROM pg_ls_waldir())) AS facts`
