-- The role that Ballast backs up with: no superuser, owns nothing, changes nothing.
--
-- Run it once on the primary, as a superuser, after giving the role's password to psql without showing it to the shell:
--
--   psql -d postgres
--   \prompt 'Password for ballast_backup: ' password
--   \i docs/backup-role.sql

CREATE ROLE ballast_backup WITH LOGIN PASSWORD :'password'
  NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- Every table, view and sequence of every database, now and later (PostgreSQL 14 and newer).
GRANT pg_read_all_data TO ballast_backup;

-- Settings, replication state and activity, for `ballast doctor` and `ballast check`.
GRANT pg_monitor TO ballast_backup;

-- A backup ends when it is done, not when a timeout meant for the application says so.
ALTER ROLE ballast_backup SET statement_timeout = 0;
ALTER ROLE ballast_backup SET idle_in_transaction_session_timeout = 0;

-- Only where tables have row security, which would otherwise hide rows from this role (Ballast then refuses to start):
--   ALTER ROLE ballast_backup BYPASSRLS;
-- Only where CONNECT on a database was revoked from PUBLIC:
--   GRANT CONNECT ON DATABASE name TO ballast_backup;
-- Only where backup.fanOut.pauseReplica names a replica; functions are granted in each database apart, and this is the one that is asked:
--   \connect postgres
--   GRANT EXECUTE ON FUNCTION pg_wal_replay_pause(), pg_wal_replay_resume() TO ballast_backup;
