import { ordersIndexes, ordersTable } from './orders.ts'
import { statements } from './statements.ts'
import { word } from './words.ts'

/** At scale 1: 10 M rows. */
const fullRows = { customers: 100_000, accounts: 6_100_000, orders: 1_900_000, events: 1_860_000, documents: 40_000 }

/**
 * The mixed database: pgbench's accounts, wide orders with text, jsonb, numeric and timestamps, narrow events, and documents
 * that live in TOAST. At scale 1 about 10 M rows and 2 GB of COPY text.
 *
 * @returns groups of psql scripts; those of one group may run side by side.
 */
export function mixedDatabase(scale: number): string[][] {
  const rows = (name: keyof typeof fullRows): number => Math.max(1, Math.round(fullRows[name] * scale))
  const customers = rows('customers')
  const orders = rows('orders')
  return [
    [statements(customersTable(customers), ordersTable(orders, customers)), accountsTable(rows('accounts'))],
    [
      statements(ordersIndexes, 'ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers'),
      statements(eventsTable(rows('events'), orders), documentsTable(rows('documents'), customers)),
    ],
    ['ALTER TABLE events ADD FOREIGN KEY (order_id) REFERENCES orders'],
    ['VACUUM (ANALYZE)'],
  ]
}

function customersTable(rows: number): string {
  return `
CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, country char(2) NOT NULL);
INSERT INTO customers
SELECT i, 'Customer ' || initcap(substr(md5(i::text), 1, 12)), md5(i::text) || '@example.com', (ARRAY['BR', 'PT', 'DE', 'US'])[1 + i % 4]
FROM generate_series(1, ${rows}) AS i`
}

/** As pgbench makes them. */
function accountsTable(rows: number): string {
  return `
CREATE TABLE pgbench_accounts (aid integer NOT NULL, bid integer, abalance integer, filler char(84));
INSERT INTO pgbench_accounts SELECT i, 1 + i / 100000, hashint4(i) % 5000, '' FROM generate_series(1, ${rows}) AS i;
ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid)`
}

function eventsTable(rows: number, orders: number): string {
  return `
CREATE TABLE events (id bigint PRIMARY KEY, order_id bigint, kind text NOT NULL, at timestamptz NOT NULL, client inet, amount double precision);
INSERT INTO events
SELECT i, 1 + abs(hashint4(i)::bigint) % ${orders}, (ARRAY['view', 'cart', 'checkout', 'payment'])[1 + i % 4],
  timestamptz '2025-01-01 00:00Z' + i * interval '3.7 seconds', inet '10.0.0.0' + abs(hashint4(i)::bigint) % 16000000, sqrt(i)
FROM generate_series(1, ${rows}) AS i;
CREATE INDEX ON events (order_id)`
}

/** About 500 words and an attachment of 2 kB each: too much for a page even after PostgreSQL's own compression. */
function documentsTable(rows: number, customers: number): string {
  return `
CREATE TABLE documents (id integer PRIMARY KEY, customer_id integer NOT NULL, title text NOT NULL, body text NOT NULL, attachment bytea NOT NULL);
INSERT INTO documents
SELECT i, 1 + i % ${customers}, 'Document ' || i, (
  SELECT string_agg(${word('hash', 'place')}, ' ')
  FROM generate_series(1, 32) AS part, decode(md5((i * 1000 + part)::text), 'hex') AS hash, generate_series(0, 15) AS place),
  (SELECT string_agg(decode(md5((i * 1000 - part)::text), 'hex'), '') FROM generate_series(1, 128) AS part)
FROM generate_series(1, ${rows}) AS i`
}
