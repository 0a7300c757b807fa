import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import type { BackupCase, ExpectedFailure } from '../support/backup-case.ts'
import { fingerprint } from '../support/fault-database.ts'

// A cluster of its own: its standby waits for nobody, and in the end it is broken up.
let cluster: Sandbox
beforeAll(async () => {
  const impatient = { max_standby_streaming_delay: '0', hot_standby_feedback: 'off' }
  cluster = await startSandbox({ pgbouncer: false, settings: impatient })
}, 120_000)

const bench = useBackupBench('standby', { cluster: () => cluster })

afterEach(() => bench.expectNoTraces())
afterAll(() => cluster?.stop())

/** A case in a database of its own, read from the standby. */
async function caseOnStandby(): Promise<{ one: BackupCase; connection: BackupCase['connection'] }> {
  const one = await bench.begin()
  one.database = await bench.freshDatabase()
  await cluster.waitForStandby()
  return { one, connection: resolveConnection(cluster.standbyBackupUrl(one.database), {}) }
}

/** Runs a script on the primary, and waits until the standby has replayed it, while the first unit is on its way to the store. */
function onFirstUnit(one: BackupCase, script: string, database = one.database): void {
  const run = async (): Promise<void> => {
    await cluster.psql(cluster.primary.adminUrl(database), script)
    await cluster.waitForStandby()
  }
  one.proxy.inject({ operation: 'PutObject', key: 'data/', fault: { type: 'meanwhile', run } })
}

const conflict: ExpectedFailure = {
  kind: 'transient',
  hint: /max_standby_streaming_delay|Nothing was published|recovery conflict/,
}

describe('a backup from a standby that waits for nobody', () => {
  it.each<[string, string]>([
    ['rows that it sees are vacuumed away', 'DELETE FROM orders; VACUUM orders'],
    ['a table is truncated', 'TRUNCATE orders'],
    ['a table is dropped', 'DROP TABLE orders CASCADE'],
    ['a table is rewritten', 'ALTER TABLE customers ADD COLUMN more uuid DEFAULT gen_random_uuid()'],
    ['a table is altered', 'ALTER TABLE customers ADD COLUMN more int'],
  ])('fails as a recovery conflict when %s', async (_, script) => {
    const { one, connection } = await caseOnStandby()
    onFirstUnit(one, script)
    await one.fails(conflict, { connection })
  })

  it('fails when its database is dropped', async () => {
    const { one, connection } = await caseOnStandby()
    onFirstUnit(one, `DROP DATABASE ${one.database} WITH (FORCE)`, 'postgres')
    await one.fails({ kind: ['transient', 'config'] }, { connection })
  })

  it('succeeds when nothing conflicts, whatever is written meanwhile', async () => {
    const { one, connection } = await caseOnStandby()
    const before = await fingerprint(cluster, cluster.standby.adminUrl(one.database))
    onFirstUnit(one, "INSERT INTO customers (name) VALUES ('late'); UPDATE orders SET total = 0 WHERE id < 100")
    const manifest = await one.backup({ connection })
    expect(manifest.summary.sourceRole).toBe('standby')
    await one.expectWholeSet(manifest, before)
  })

  it('succeeds when the standby is promoted meanwhile', async () => {
    const { one, connection } = await caseOnStandby()
    const before = await fingerprint(cluster, cluster.standby.adminUrl(one.database))
    const run = async (): Promise<void> => {
      await cluster.psql(cluster.standby.adminUrl(), 'SELECT pg_promote()')
    }
    one.proxy.inject({ operation: 'PutObject', key: 'data/', fault: { type: 'meanwhile', run } })
    await one.expectWholeSet(await one.backup({ connection }), before)
  })
})
