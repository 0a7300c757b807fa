const rowsPerTable = 50
const tablesPerCommit = 100

/** The database of small tables: 2,000 of them at scale 1, with 50 rows, a key and an index each. */
export function smallTables(scale: number): string[][] {
  const tables = Math.max(1, Math.round(2_000 * scale))
  return [[createTables(tables)], ['VACUUM (ANALYZE)']]
}

/** Commits now and then, because one transaction would need more locks than a server has by default. */
function createTables(tables: number): string {
  return `
DO $$
BEGIN
  FOR i IN 1..${tables} LOOP
    EXECUTE format('CREATE TABLE small_%s (id integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL)', i);
    EXECUTE format('INSERT INTO small_%s SELECT n, md5(n::text), timestamptz %L + n * interval %L FROM generate_series(1, ${rowsPerTable}) AS n',
      i, '2025-01-01 00:00Z', '1 hour');
    EXECUTE format('CREATE INDEX ON small_%s (name)', i);
    IF i % ${tablesPerCommit} = 0 THEN COMMIT; END IF;
  END LOOP;
END $$`
}
