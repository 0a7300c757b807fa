import type { Database } from './database.ts'

const statements = [
  `CREATE TABLE IF NOT EXISTS entry (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     kind text NOT NULL CHECK (kind IN ('credit', 'debit')),
     amount_cents bigint NOT NULL CHECK (amount_cents > 0),
     description text NOT NULL,
     made_at timestamptz NOT NULL DEFAULT now()
   )`,
  'CREATE INDEX IF NOT EXISTS entry_made_at ON entry (made_at) INCLUDE (kind, amount_cents)',
]

/** Makes the tables where they are missing. */
export async function createSchema(database: Database): Promise<void> {
  for (const statement of statements) await database.run(statement)
}
