import type { SandboxConnections } from '../../sandbox/connections.ts'

/**
 * A database in which every kind of task has something to do: a table of few and wide rows (whose text does not compress), a table that is cut into several units, small tables that share one, sequences, keys, a view and an index.
 */
const dataScript = (hashes: number, events: number): string => `
CREATE TABLE wide (id int PRIMARY KEY, body text);
ALTER TABLE wide ALTER COLUMN body SET STORAGE EXTERNAL;
INSERT INTO wide SELECT g % 10, string_agg(md5(random()::text), '') FROM generate_series(1, ${hashes}) g GROUP BY 1;
CREATE TABLE events (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), note text);
INSERT INTO events (note) SELECT repeat(md5(g::text), 4) FROM generate_series(1, ${events}) g;
CREATE TABLE customers (id serial PRIMARY KEY, name text NOT NULL);
INSERT INTO customers (name) SELECT 'customer ' || g FROM generate_series(1, 2000) g;
CREATE TABLE orders (id serial PRIMARY KEY, customer int NOT NULL REFERENCES customers, total numeric(10, 2));
INSERT INTO orders (customer, total) SELECT 1 + g % 2000, g / 7.0 FROM generate_series(1, 5000) g;
CREATE INDEX ON orders (customer);
CREATE VIEW totals AS SELECT customer, sum(total) AS total FROM orders GROUP BY customer;
CREATE SEQUENCE tickets START 100;
SELECT nextval('tickets');
VACUUM;
`

/** `large` is 25 MB of COPY text: enough for an upload in parts, and for a COPY that outgrows all buffers on its way. */
export type FaultDatabaseSize = 'small' | 'large'

/** Makes the database, owned by `app`. */
export async function createFaultDatabase(sandbox: SandboxConnections, name: string, size: FaultDatabaseSize): Promise<void> {
  await sandbox.createDatabase(name)
  const script = size === 'large' ? dataScript(600_000, 40_000) : dataScript(6_000, 4_000)
  await sandbox.psql(sandbox.primary.url(name), script)
}

/** Makes a copy of a database that nobody is connected to. */
export async function copyDatabase(sandbox: SandboxConnections, from: string, to: string): Promise<void> {
  await sandbox.psql(sandbox.primary.adminUrl(), `CREATE DATABASE "${to}" TEMPLATE "${from}" OWNER app`)
}

/** Rows and a checksum of every table, to compare a database with what came out of a set of it. */
export async function fingerprint(sandbox: SandboxConnections, url: string): Promise<string> {
  const list = `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`
  const tables = (await sandbox.psql(url, list)).split('\n').filter((name) => name !== '')
  const queries = tables.map(
    (name) =>
      `SELECT '${name}', count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0) FROM ${name} t;`,
  )
  return await sandbox.psql(url, queries.join('\n'))
}
