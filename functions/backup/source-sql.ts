/** Who holds one of these tables against readers. */
export const exclusiveHoldersSql = `
SELECT DISTINCT relation::text AS oid, pid FROM pg_locks
WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock' AND granted AND pid <> pg_backend_pid()
  AND relation = ANY ($1::oid[])`

/** Large objects that the current role may not read; empty for a superuser. */
export const unreadableLargeObjectsSql = `
SELECT m.oid::text AS oid FROM pg_largeobject_metadata m
WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
  AND NOT pg_has_role(m.lomowner, 'USAGE')
  AND NOT EXISTS (SELECT FROM aclexplode(m.lomacl) x
    WHERE x.privilege_type = 'SELECT' AND (x.grantee = 0 OR pg_has_role(x.grantee, 'USAGE')))
ORDER BY m.oid LIMIT 20`

/** What is there and never arrives in a logical backup, or only in part; each is recorded in the manifest. */
export const omissionsSql = `
SELECT 'foreign table ' || c.oid::regclass::text AS subject, 'its rows live in another server' AS reason
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'f' AND n.nspname !~ '^pg_'
UNION ALL
SELECT 'subscription ' || quote_ident(s.subname), 'only a superuser may read its definition'
FROM pg_subscription s WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
UNION ALL
SELECT 'user mapping for ' || quote_ident(m.usename) || ' on server ' || quote_ident(m.srvname),
  'its options, if it has any, can only be read by a superuser'
FROM pg_user_mappings m WHERE m.umoptions IS NULL AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
ORDER BY 1`

/** Identity of the source, read under the snapshot. */
export const identitySql = `
SELECT (SELECT system_identifier::text FROM pg_control_system()) AS "systemIdentifier",
  (SELECT timeline_id FROM pg_control_checkpoint()) AS timeline,
  pg_is_in_recovery() AS standby,
  (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text AS "snapshotLsn",
  current_setting('server_version') AS "serverVersion",
  current_setting('block_size')::int AS "blockBytes"`

/** Rows of these tables as the planner knows them; a table that was never analyzed counts as empty. */
export const estimatedRowsSql = `
SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint::text AS rows FROM pg_class WHERE oid = ANY ($1::oid[])`
