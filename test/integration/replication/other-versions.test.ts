import { expect, test } from 'vitest'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { readServer } from '../../../functions/replication/read-server.ts'
import { standbySql } from '../../../functions/replication/server-sql.ts'
import { otherPostgresRuns, startOtherPostgres } from '../../support/other-postgres.ts'

// Versions differ in what their views have; 15 is what every other test runs on.
test.runIf(otherPostgresRuns).each([14, 18] as const)(
  'PostgreSQL %i tells a pg_monitor role all that is asked',
  async (major) => {
    const server = await startOtherPostgres(major)
    try {
      const admin = await openSession(resolveConnection(server.url(), { HOME: '/nowhere' }))
      await admin.query('CREATE ROLE watcher LOGIN; GRANT pg_monitor TO watcher')
      await admin.query("SELECT pg_create_physical_replication_slot('standby', true)")
      await admin.close()
      const session = await openSession(resolveConnection(server.url('postgres', 'watcher'), { HOME: '/nowhere' }))
      const facts = await readServer(session, { sizes: true, watchSeconds: 1 }, new AbortController().signal)
      // A server that is no standby cannot answer it, but knows every column and function of it.
      await session.query(`PREPARE of_a_standby AS ${standbySql}`)
      await session.close()
      expect(facts).toMatchObject({
        ...{ inRecovery: false, timeline: 1, seesAll: true, systemId: expect.stringMatching(/^\d+$/) },
        connections: { used: 1, max: 100 },
        sizes: { dataBytes: expect.any(Number), walBytes: expect.any(Number) },
        primary: {
          slots: [
            {
              ...{ name: 'standby', type: 'physical', active: false, walStatus: 'reserved', retainedBytes: expect.any(Number) },
              inactiveSeconds: major >= 17 ? expect.any(Number) : null,
            },
          ],
          archiver: { mode: 'off' },
          segmentBytes: 16_777_216,
          freezeMaxAge: 200_000_000,
          readings: [{ lsn: expect.stringMatching(/^0\/[0-9A-F]+$/), clockMs: expect.any(Number), senders: [] }],
        },
      })
    } finally {
      await server.stop()
    }
  },
)
