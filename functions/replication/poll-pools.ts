import type { Check } from '../platform/check.ts'
import { askPoolerConsole } from '../platform/postgres/pooler-console.ts'
import { answerOf, applicationName, type NodeConnection } from './gather.ts'
import { poolFacts, poolFindings } from './pool-verdict.ts'

const answerWithinSeconds = 7
/** PgBouncer lists its own console as a pool. */
const consoleDatabase = 'pgbouncer'

/**
 * Asks the PgBouncer of every node at the same time and judges its pools.
 *
 * @param connections to the admin consoles.
 */
export async function pollPools(
  connections: readonly NodeConnection[],
  limits: { maxPoolWaitSeconds: number },
  signal: AbortSignal,
): Promise<Check[]> {
  const checks = connections.map(async (connection): Promise<Check[]> => {
    const answer = await answerOf(connection, answerWithinSeconds, signal, async (settings, end) => {
      const rows = await askPoolerConsole(settings, 'SHOW POOLS', { applicationName, signal: end })
      return rows.map(poolFacts).filter(({ database }) => database !== consoleDatabase)
    })
    return poolFindings(answer, limits.maxPoolWaitSeconds).map((finding) => ({ subject: connection.node, ...finding }))
  })
  return (await Promise.all(checks)).flat()
}
