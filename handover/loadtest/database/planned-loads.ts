import type { LoadTests } from '../../../config/cluster.ts'
import type { LoadProfile } from '../../../config/load-profiles.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import type { DatabaseLoad } from './database-load.ts'
import type { PoolerFacts } from './pooler-facts.ts'

const smokeSeconds = 2

/**
 * The runs of pgbench of a load test: through the pooler with all clients, by prepared statements where the pooler can keep
 * them, else by both other protocols, which fail in different ways; then straight to the server with as many clients as the
 * pool has connections, which is what the pooler itself costs.
 *
 * @throws Failure of kind `config` where the pooler, or `loadtests.limits`, has no room for the clients.
 */
export function plannedLoads(
  profile: LoadProfile,
  { pgbench, limits }: Pick<LoadTests, 'pgbench' | 'limits'>,
  pooler: PoolerFacts,
): DatabaseLoad[] {
  const { clients, durationSeconds, latencyMs, ratePerSecond } = pgbench
  refuse(clients > pooler.maxClients, `${pooler.version} takes ${pooler.maxClients} clients (max_client_conn)`, clients)
  refuse(clients > limits.virtualUsers, `loadtests.limits.virtualUsers is ${limits.virtualUsers}`, clients)
  const seconds = Math.max(1, Math.round(profile === 'smoke' ? Math.min(smokeSeconds, durationSeconds) : durationSeconds))
  const common = { seconds, latencyMs, work: 'mixed', ...(ratePerSecond === undefined ? {} : { ratePerSecond }) } as const
  const protocols = pooler.keepsPrepared ? (['prepared'] as const) : (['simple', 'extended'] as const)
  return [
    ...protocols.map((protocol) => ({ through: 'pooler', protocol, clients, ...common }) as const),
    { through: 'direct', protocol: 'prepared', clients: Math.min(clients, pooler.poolSize), ...common },
  ]
}

function refuse(isTooMany: boolean, room: string, clients: number): void {
  if (!isTooMany) return
  throw new Failure(`loadtests.pgbench.clients is ${clients}, and ${room}`, {
    ...{ kind: 'config', subject: 'loadtests.pgbench.clients' },
    hint: 'Lower the clients, or raise that limit.',
  })
}
