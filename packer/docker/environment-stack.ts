import type { Cluster } from '../../config/index.ts'
import { composeService } from './compose-service.ts'
import { type Environment, edgeNetwork, isServed, redisOf } from './stacks.ts'

/** An environment's services as a Compose project. Nothing in it is secret: every value of a variable is in `.env`. */
export function environmentStack(cluster: Cluster, environment: Environment): object {
  const { services } = cluster.docker
  const redis = redisOf(cluster) !== undefined
  const pgadmin = services.some(({ type }) => type === 'pgadmin')
  return {
    name: `ballast-${environment}`,
    services: Object.fromEntries(services.map((service) => [service.name, composeService(cluster, environment, service)])),
    networks: {
      default: {},
      ...(redis ? { redis: { internal: true } } : {}),
      ...(pgadmin ? { pgadmin: {} } : {}),
      ...(services.some(isServed) ? { edge: { name: edgeNetwork(environment), external: true } } : {}),
    },
    ...(redis || pgadmin ? { volumes: { ...(redis ? { redis: {} } : {}), ...(pgadmin ? { pgadmin: {} } : {}) } } : {}),
  }
}
