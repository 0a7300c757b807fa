-- From the cluster's definition: for psql, in the database postgres of a new cluster, as its superuser.
-- Passwords are not in it. The first boot sets those that came with the node's seed.
\set ON_ERROR_STOP on

CREATE ROLE "ballast_backup" LOGIN;
CREATE ROLE "ballast_monitor" LOGIN;
CREATE ROLE "ballast_replication" LOGIN;
CREATE ROLE "pgbouncer" LOGIN;
CREATE ROLE "prometheus" LOGIN;
CREATE ROLE "shop_owner" LOGIN;
CREATE ROLE "ledger_owner" LOGIN;

GRANT pg_read_all_data, pg_monitor TO "ballast_backup";
-- A backup ends when it is done, not when a timeout meant for the application says so.
ALTER ROLE "ballast_backup" SET statement_timeout = 0;
ALTER ROLE "ballast_backup" SET idle_in_transaction_session_timeout = 0;
GRANT pg_monitor TO "ballast_monitor", "prometheus";
GRANT pg_use_reserved_connections TO "ballast_backup", "ballast_monitor", "pgbouncer", "prometheus";
ALTER ROLE "ballast_replication" REPLICATION;
-- What pg_rewind reads a new primary with.
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text, boolean, boolean), pg_catalog.pg_stat_file(text, boolean),
  pg_catalog.pg_read_binary_file(text), pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean)
  TO "ballast_replication";

-- For backups that pause a replica; the monitor resumes what they could not.
GRANT EXECUTE ON FUNCTION pg_catalog.pg_wal_replay_pause(), pg_catalog.pg_wal_replay_resume() TO "ballast_backup";
GRANT EXECUTE ON FUNCTION pg_catalog.pg_wal_replay_resume() TO "ballast_monitor";

CREATE SCHEMA ballast;
REVOKE ALL ON SCHEMA ballast FROM PUBLIC;
GRANT USAGE ON SCHEMA ballast TO pgbouncer;
CREATE FUNCTION ballast.pooler_login(IN name text, OUT login text, OUT verifier text) RETURNS SETOF record
  LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT rolname::text, rolpassword FROM pg_catalog.pg_authid
    WHERE rolname = name AND rolcanlogin AND NOT rolsuper AND NOT rolreplication AND rolname <> 'pgbouncer'
      AND (rolvaliduntil IS NULL OR rolvaliduntil > pg_catalog.now())
  $$;
REVOKE ALL ON FUNCTION ballast.pooler_login(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ballast.pooler_login(text) TO pgbouncer;

CREATE DATABASE "shop" OWNER "shop_owner";
\connect "shop"
CREATE EXTENSION "pgcrypto";
CREATE EXTENSION "pg_trgm";

CREATE DATABASE "ledger" OWNER "ledger_owner";
\connect "ledger"
