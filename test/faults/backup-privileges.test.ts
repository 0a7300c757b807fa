import { afterEach, beforeAll, describe, it } from 'vitest'
import { useBackupBench } from '../support/backup-bench.ts'
import type { BackupCase, ExpectedFailure } from '../support/backup-case.ts'
import { onceHeld } from '../support/held-backup.ts'

const bench = useBackupBench('privileges')

beforeAll(async () => {
  const { primary } = bench.sandbox
  await bench.sandbox.psql(primary.adminUrl(), "CREATE ROLE reader LOGIN PASSWORD 'secret' IN ROLE pg_monitor")
})
afterEach(() => bench.expectNoTraces())

/** Rights one by one, so that the role can lose a single one. */
const grantScript = `
GRANT USAGE ON SCHEMA pgbouncer TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO reader;
CREATE SCHEMA sales;
GRANT USAGE ON SCHEMA sales TO reader;
CREATE TABLE sales.leads (id int);
GRANT SELECT ON sales.leads TO reader;
SELECT lo_from_bytea(4711, 'body');
GRANT SELECT ON LARGE OBJECT 4711 TO reader;
`

const faults: [name: string, script: string, expected: ExpectedFailure][] = [
  [
    'one table',
    'REVOKE SELECT ON orders FROM reader',
    { kind: 'permanent', code: '42501', message: /table public\.orders: no SELECT/ },
  ],
  [
    'one sequence',
    'REVOKE SELECT ON SEQUENCE tickets FROM reader',
    { kind: 'permanent', code: '42501', message: /sequence public\.tickets: no SELECT/ },
  ],
  [
    'one schema',
    'REVOKE USAGE ON SCHEMA sales FROM reader',
    { kind: 'permanent', code: '42501', message: /table sales\.leads: no SELECT/ },
  ],
  [
    'one large object',
    'REVOKE SELECT ON LARGE OBJECT 4711 FROM reader',
    { kind: 'permanent', code: '42501', message: /large object 4711: no SELECT/ },
  ],
  [
    'rows behind a policy',
    'ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON orders USING (customer < 10)',
    { kind: 'permanent', code: '42501', message: /table public\.orders: row security would hide rows \(BYPASSRLS is needed\)/ },
  ],
  [
    'several things at once, all named',
    'REVOKE SELECT ON orders, customers FROM reader; REVOKE SELECT ON SEQUENCE tickets FROM reader',
    { kind: 'permanent', code: '42501', message: /public\.customers.*public\.orders.*public\.tickets/ },
  ],
]

describe('a backup by a role that lacks a right', () => {
  it.each(faults)('to %s', async (_, script, expected) => {
    const one = await caseOfReader()
    await bench.sandbox.psql(bench.sandbox.primary.adminUrl(one.database), script)
    await one.fails(expected, { connection: { ...one.connection, user: 'reader', password: 'secret' } })
  })

  it('to a table, since a moment after the run began', async () => {
    const one = await caseOfReader()
    const revoke = () => bench.sandbox.psql(bench.sandbox.primary.adminUrl(one.database), 'REVOKE SELECT ON wide FROM reader')
    const connection = { ...one.connection, user: 'reader', password: 'secret' }
    const expected: ExpectedFailure = { kind: 'permanent', code: '42501', message: /wide/ }
    await onceHeld(one, revoke, (held) => one.fails(expected, { connection, ...held }))
  })
})

/** A case in a database of its own, in which the role may read everything. */
async function caseOfReader(): Promise<BackupCase> {
  const one = await bench.begin()
  one.database = await bench.freshDatabase()
  await bench.sandbox.psql(bench.sandbox.primary.adminUrl(one.database), grantScript)
  return one
}
