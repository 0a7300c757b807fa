-- The role that Ballast watches with: no superuser, owns nothing, reads no rows, changes nothing.
--
-- Run it once on the primary, as a superuser, after giving the role's password to psql without showing it to the shell:
--
--   psql -d postgres
--   \prompt 'Password for ballast_monitor: ' password
--   \i docs/monitor-role.sql

CREATE ROLE ballast_monitor WITH LOGIN PASSWORD :'password'
  NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- Replication state, slots, activity of every role, sizes and the list of WAL files, for `ballast check`.
GRANT pg_monitor TO ballast_monitor;

-- Only where CONNECT on this database was revoked from PUBLIC:
--   GRANT CONNECT ON DATABASE postgres TO ballast_monitor;
-- From PostgreSQL 16 on, so that it can still log in when `reserved_connections` are all that is left:
--   GRANT pg_use_reserved_connections TO ballast_monitor;
-- Only where backup.fanOut.pauseReplica names a replica, so that replay goes on where a backup could not see to it; in this database:
--   GRANT EXECUTE ON FUNCTION pg_wal_replay_resume() TO ballast_monitor;
