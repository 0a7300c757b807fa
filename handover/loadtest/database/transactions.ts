/** What transactions do: `mixed` has four reads to one write, as an application has; `writes` makes WAL. */
export type Work = 'mixed' | 'writes'

/** The schema of the load's own tables. Names are written out in full, so that no pooler need keep a search path. */
export const schema = 'ballast_loadtest'

/** Rows that transactions choose from: enough that 200 clients seldom meet on one. */
const accounts = 10_000

/** Makes the tables, with everything in them. */
export const createSql = `
CREATE SCHEMA ${schema};
COMMENT ON SCHEMA ${schema} IS 'Made by ballast loadtest, and dropped by it';
CREATE TABLE ${schema}.accounts (id integer PRIMARY KEY, balance bigint NOT NULL, note text NOT NULL);
INSERT INTO ${schema}.accounts SELECT id, 0, repeat('-', 80) FROM generate_series(1, ${accounts}) AS id;
CREATE TABLE ${schema}.entries (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account integer NOT NULL, amount integer NOT NULL, at timestamptz NOT NULL DEFAULT now());
ANALYZE ${schema}.accounts`

export const dropSql = `DROP SCHEMA IF EXISTS ${schema} CASCADE`

/** Whether a schema of this name is one of a load test; null where there is none. */
export const ownerSql = `
SELECT obj_description(oid, 'pg_namespace') LIKE 'Made by ballast loadtest%' AS ours FROM pg_namespace WHERE nspname = '${schema}'`

const read = `\\set id random(1, ${accounts})
SELECT balance FROM ${schema}.accounts WHERE id = :id;
`

const write = `\\set id random(1, ${accounts})
\\set amount random(-1000, 1000)
BEGIN;
UPDATE ${schema}.accounts SET balance = balance + :amount WHERE id = :id;
INSERT INTO ${schema}.entries (account, amount) VALUES (:id, :amount);
COMMIT;
`

/** Scripts for pgbench, by weight. */
export const scripts: Readonly<Record<Work, readonly { name: string; text: string; weight: number }[]>> = {
  mixed: [
    { name: 'read', text: read, weight: 4 },
    { name: 'write', text: write, weight: 1 },
  ],
  writes: [{ name: 'write', text: write, weight: 1 }],
}
