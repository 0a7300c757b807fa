import type { Cluster } from '../../../config/cluster.ts'
import { toFailure } from '../../platform/failure.ts'
import { beginHeartbeat, type Heartbeat, silentHeartbeat } from '../../platform/heartbeat/heartbeat.ts'
import { holdSecret } from '../../platform/secrets/held-secret.ts'
import { readSecret } from '../../platform/secrets/read-secret.ts'

/** Begins the heartbeat of a definition, or one that pings nobody where it has none. Never throws. */
export async function beginDefinedHeartbeat(
  { freshness }: Pick<Cluster, 'freshness'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Heartbeat> {
  if (freshness.heartbeat === undefined) return silentHeartbeat()
  const { url } = freshness.heartbeat
  try {
    return await beginHeartbeat(holdSecret(typeof url === 'string' ? url : await readSecret(url, env)))
  } catch (thrown) {
    const { message, hint } = toFailure(thrown, 'heartbeat')
    return silentHeartbeat([{ message: `The heartbeat cannot be pinged: ${message}`, hint }])
  }
}
