import type { Cluster, DockerService } from '../../config/index.ts'
import { serviceVariables } from '../docker-environment.ts'
import { healthCheck } from './health-check.ts'
import { plainText } from './plain-text.ts'
import { type Environment, edgeAlias, isServed, redisOf, stackDirectory, usesRedis } from './stacks.ts'

const MIB = 1024 * 1024

/** What a container may use where the definition does not say: one that leaks must not take the machine with it. */
const MEMORY_BYTES: Record<DockerService['type'], number> = {
  web: 1024 * MIB,
  websocket: 1024 * MIB,
  worker: 1024 * MIB,
  scheduler: 512 * MIB,
  redis: 256 * MIB,
  pgadmin: 512 * MIB,
}

/** `ballast-release` starts a new one beside the old one. */
const ROLLS = { labels: { 'ballast.rolls': 'yes' } }

/** What every container has, whatever is in it. */
export function commonKeys({ docker }: Cluster, memoryBytes: number): object {
  return {
    restart: 'unless-stopped',
    security_opt: ['no-new-privileges:true'],
    mem_limit: memoryBytes,
    stop_grace_period: `${docker.stopTimeoutSeconds}s`,
  }
}

/** One service of an environment, as Compose has it. */
export function composeService(cluster: Cluster, environment: Environment, service: DockerService): object {
  const memoryBytes = service.memoryBytes ?? MEMORY_BYTES[service.type]
  const command = service.command ?? (service.type === 'redis' ? redisCommand(memoryBytes) : undefined)
  const health = healthCheck(service)
  const redis = redisOf(cluster)
  return {
    image: service.image,
    ...commonKeys(cluster, memoryBytes),
    ...(service.type === 'web' || service.type === 'websocket' ? ROLLS : {}),
    ...('replicas' in service && service.replicas > 1 ? { scale: service.replicas } : {}),
    ...(command === undefined ? {} : { command: command.map(literal) }),
    ...variables(serviceVariables(cluster, service), `${stackDirectory(environment)}/.env`),
    healthcheck: { ...health, test: health.test.map(literal) },
    ...(redis !== undefined && usesRedis(service) ? { depends_on: { [redis.name]: { condition: 'service_healthy' } } } : {}),
    networks: networks(cluster, environment, service),
    ...storage(service),
  }
}

/** Variables by their names in `.env`; one that is not there is an error that says where to write it. */
export function variables(named: readonly (readonly [string, string])[], envPath: string): object {
  if (named.length === 0) return {}
  const entries = named.map(([name, inFile]) => [name, `\${${inFile}?write it into ${envPath}}`])
  return { environment: Object.fromEntries(entries) }
}

/** Compose would read a `$` as the start of a variable. */
function literal(text: string): string {
  return plainText(text).replaceAll('$', '$$$$')
}

/**
 * Jobs outlive a restart, and where memory ends a write fails, before the kernel ends Redis. In place of a password it has a
 * network that the application alone is in.
 */
function redisCommand(memoryBytes: number): string[] {
  const dataBytes = Math.floor(memoryBytes * 0.75)
  return [
    ...['redis-server', '--protected-mode', 'no', '--appendonly', 'yes'],
    ...['--maxmemory', String(dataBytes), '--maxmemory-policy', 'noeviction'],
  ]
}

/** Each container reaches what it needs and no more: Redis the application alone, pgAdmin only Traefik and PostgreSQL. */
function networks(cluster: Cluster, environment: Environment, service: DockerService): object {
  if (service.type === 'redis') return { redis: {} }
  return {
    ...(service.type === 'pgadmin' ? { pgadmin: {} } : { default: {} }),
    ...(redisOf(cluster) !== undefined && usesRedis(service) ? { redis: {} } : {}),
    ...(isServed(service) ? { edge: { aliases: [edgeAlias(environment, service)] } } : {}),
  }
}

/** The application writes where its image likes to; what Redis and pgAdmin keep is in volumes. */
function storage({ type }: DockerService): object {
  if (type === 'redis') return { volumes: ['redis:/data'], read_only: true, tmpfs: ['/tmp'] }
  return type === 'pgadmin' ? { volumes: ['pgadmin:/var/lib/pgadmin'] } : {}
}
