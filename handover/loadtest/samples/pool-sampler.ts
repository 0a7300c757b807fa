import { askPoolerConsole, type ConsoleRow } from '../../../functions/platform/postgres/pooler-console.ts'
import type { ConnectionSettings } from '../../../functions/platform/postgres/settings.ts'
import { poolFacts } from '../../../functions/replication/pool-verdict.ts'
import type { LoadPoint } from '../../records/load-record.ts'
import type { Sampler } from './sampling.ts'

/** PgBouncer lists its own console as a pool. */
const consoleDatabase = 'pgbouncer'

/** The pools of PgBouncer. */
export function poolSampler(console: ConnectionSettings): Sampler {
  return {
    what: "PgBouncer's pools",
    fields: ['clientsWaiting', 'longestWaitMs', 'clientConnections', 'serverConnections'],
    read: async (signal) =>
      poolPoint(await askPoolerConsole(console, 'SHOW POOLS', { applicationName: 'ballast loadtest', signal })),
    close: () => Promise.resolve(),
  }
}

/** All pools together. Columns of server connections differ from version to version; all begin with `sv_`. */
export function poolPoint(rows: readonly ConsoleRow[]): Partial<LoadPoint> {
  const point = { clientsWaiting: 0, longestWaitMs: 0, clientConnections: 0, serverConnections: 0 }
  for (const row of rows.filter(({ database }) => database !== consoleDatabase)) {
    const { activeClients, waitingClients, waitSeconds } = poolFacts(row)
    point.clientsWaiting += waitingClients
    point.longestWaitMs = Math.max(point.longestWaitMs, Math.round(waitSeconds * 1000))
    point.clientConnections += activeClients + waitingClients
    const servers = Object.entries(row).filter(([column]) => column.startsWith('sv_'))
    point.serverConnections += servers.reduce((sum, [, count]) => sum + Number(count), 0)
  }
  return point
}
