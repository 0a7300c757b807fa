import { hostIn } from '../../config/docker-hosts.ts'
import type { Cluster, DockerService } from '../../config/index.ts'

/** A set of containers with a directory of its own on the docker node; `edge` is Traefik, in front of the environments. */
export type Stack = 'edge' | Environment
export type Environment = Cluster['docker']['environments'][number]

/** A service that Traefik sends requests to. */
export type ServedService = Extract<DockerService, { hosts: readonly string[] }>

/** The stacks that have containers, in the order in which they are deployed. */
export function stacksOf({ docker }: Cluster): readonly Stack[] {
  if (docker.services.length === 0) return []
  return [...(docker.services.some(isServed) ? ['edge' as const] : []), ...docker.environments]
}

export function isServed(service: DockerService): service is ServedService {
  return 'hosts' in service
}

/** Where a stack's files are on the docker node. */
export function stackDirectory(stack: Stack): string {
  return `/srv/ballast/${stack}`
}

/** The network between Traefik and an environment's services. */
export function edgeNetwork(environment: Environment): string {
  return `ballast-edge-${environment}`
}

/** The name by which Traefik finds a service: the services of two environments have the same names. */
export function edgeAlias(environment: Environment, service: ServedService): string {
  return `${environment}-${service.name}`
}

/** A service's hosts in an environment. */
export function hostsIn(cluster: Cluster, environment: Environment, service: ServedService): readonly string[] {
  return service.hosts.map((host) => hostIn(cluster, environment, host))
}

export function redisOf({ docker }: Cluster): DockerService | undefined {
  return docker.services.find(({ type }) => type === 'redis')
}

/** Whether the service is part of the application, which reaches Redis by the name of its service. */
export function usesRedis({ type }: DockerService): boolean {
  return type !== 'redis' && type !== 'pgadmin'
}
