import { pick, word } from './words.ts'

const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
]
const cities = [
  'São Paulo',
  'Rio de Janeiro',
  'Belo Horizonte',
  'Porto Alegre',
  'Recife',
  'Lisboa',
  'Porto',
  'Berlin',
  'Austin',
]

/** A table of wide rows, about 500 bytes of COPY text each. */
export function ordersTable(rows: number, customers: number): string {
  const item = (
    byte: number,
  ) => `jsonb_build_object('sku', 'SKU-' || lpad((get_byte(hash, ${byte}) * 257 + get_byte(hash, ${byte + 1}))::text, 6, '0'),
    'name', ${word('hash', byte)} || ' ' || ${word('hash', byte + 1)}, 'quantity', 1 + get_byte(hash, ${byte}) % 5,
    'price', (get_byte(hash, ${byte + 1}) * 100 + 99) / 100.0)`
  return `
CREATE TABLE orders (
  id bigint NOT NULL,
  customer_id integer NOT NULL,
  status text NOT NULL,
  total numeric(12,2) NOT NULL,
  tax numeric(12,4),
  placed_at timestamptz NOT NULL,
  shipped_at timestamp,
  tracking uuid NOT NULL,
  address text NOT NULL,
  note text,
  agent text NOT NULL,
  details jsonb NOT NULL
);
INSERT INTO orders
SELECT i, 1 + abs(hashint4(i)::bigint) % ${customers}, ${pick(['new', 'paid', 'packed', 'shipped', 'returned'], 'hash', 0)},
  (abs(hashint4(i + 1)::bigint) % 10000000) / 100.0, (abs(hashint4(i + 2)::bigint) % 10000000) / 10000.0,
  timestamptz '2024-01-01 00:00Z' + i * interval '7.013 seconds',
  CASE WHEN i % 8 <> 0 THEN timestamp '2024-01-03' + i * interval '7.013 seconds' END,
  encode(hash, 'hex')::uuid,
  get_byte(hash, 1) || ' ' || initcap(${word('hash', 2)}) || ' Street, ' || ${pick(cities, 'hash', 3)},
  CASE WHEN i % 2 = 0 THEN concat_ws(' ', ${[4, 5, 6, 7, 8, 9].map((byte) => word('hash', byte)).join(', ')}) END,
  ${pick(agents, 'hash', 10)},
  jsonb_build_object('channel', ${pick(['web', 'app', 'shop'], 'hash', 11)}, 'currency', 'BRL', 'gift', i % 11 = 0,
    'items', jsonb_build_array(${item(12)}, ${item(14)}))
FROM generate_series(1, ${rows}) AS i, decode(md5(i::text), 'hex') AS hash`
}

/** What belongs to it, built when its rows are in. */
export const ordersIndexes = `
ALTER TABLE orders ADD PRIMARY KEY (id);
CREATE INDEX ON orders (customer_id, placed_at);
CREATE INDEX ON orders (tracking)`

/** The single database: that table alone, of about 2 GB of COPY text at scale 1. */
export function singleTable(scale: number): string[][] {
  return [[ordersTable(Math.max(1, Math.round(3_700_000 * scale)), 100_000)], [ordersIndexes], ['VACUUM (ANALYZE)']]
}
