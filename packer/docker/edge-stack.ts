import type { Cluster } from '../../config/index.ts'
import { variableName } from '../docker-environment.ts'
import { commonKeys, variables } from './compose-service.ts'
import { timed } from './health-check.ts'
import { edgeNetwork, stackDirectory } from './stacks.ts'

/** The ports of the machine that Traefik answers: those of the web that the firewall opens. */
export const WEB_PORTS = [80, 443] as const

/** Traefik's user: no user of any image and none of the machine. It owns the directory of the certificates. */
const USER = '65532:65532'
const MEMORY_BYTES = 256 * 1024 * 1024

/**
 * Of the range that nobody is ever given: it never leaves the machine. Docker needs it to hand over IPv6 requests with the
 * address they come from.
 */
const PUBLIC_NETWORK6 = 'fd6b:a11a:57ed:6e::/64'

/**
 * Traefik as a Compose project. It reads its routes from files: a container that reaches Docker's socket would own the
 * machine. It has one network to the world, and a closed one to each environment.
 */
export function edgeStack(cluster: Cluster): object {
  const { acme, environments, traefik } = cluster.docker
  const named = Object.keys(acme?.environment ?? {}).map((name) => [name, variableName('traefik', name)] as const)
  return {
    name: 'ballast-edge',
    services: {
      traefik: {
        image: traefik,
        ...commonKeys(cluster, MEMORY_BYTES),
        user: USER,
        cap_drop: ['ALL'],
        read_only: true,
        tmpfs: ['/tmp'],
        ports: webPorts(cluster).flatMap((port) => [`0.0.0.0:${port}:${port}`, `[::]:${port}:${port}`]),
        ...variables(named, `${stackDirectory('edge')}/.env`),
        volumes: [
          './traefik.yaml:/etc/traefik/traefik.yaml:ro',
          './routes:/etc/traefik/routes:ro',
          './certificates:/certificates:ro',
          './acme:/acme',
        ],
        healthcheck: timed(['CMD', 'traefik', 'healthcheck', '--ping']),
        networks: { public: {}, ...Object.fromEntries(environments.map((name) => [name, {}])) },
      },
    },
    networks: {
      public: { enable_ipv6: true, ipam: { config: [{ subnet: PUBLIC_NETWORK6 }] } },
      ...Object.fromEntries(environments.map((name) => [name, { name: edgeNetwork(name), external: true }])),
    },
  }
}

export function webPorts({ firewall }: Cluster): readonly number[] {
  return WEB_PORTS.filter((port) => firewall.publicPorts.includes(port))
}
