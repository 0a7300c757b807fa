import type { BootedNode } from '../boot/scene.ts'
import type { LabFinding } from '../lab/lab-check.ts'
import { containerAddresses, containerPort, startContainers, type TestContainer } from './containers.ts'
import { portPolicies } from './expected-ports.ts'
import { checkPorts, type Target } from './port-matrix.ts'
import { startStrayService } from './stray-service.ts'

/** Published by Docker to everybody, and in no definition. */
const publishedPort = 8081
const loopbackPort = 8082

/**
 * The docker machine's ports, with containers behind them, after Docker was started again and the firewall loaded anew: what the
 * definition opens is open, and what Docker opened beyond that is not.
 */
export async function checkDockerPorts(docker: BootedNode): Promise<LabFinding> {
  const { cluster, shell, addresses, lab } = docker
  await startStrayService(shell)
  await startContainers(shell, containersOf(cluster.firewall.publicPorts))
  await shell.run(['systemctl', 'restart', 'docker.service'])
  await shell.run(['systemctl', 'reload', 'ballast-firewall.service'])
  const inner = await containerAddresses(shell, 'lab-published')
  await lab.network.addRoute(inner.ipv4, { via: addresses.ipv4 })
  await lab.network.addRoute(inner.ipv6, { via: addresses.ipv6 })
  const own = portPolicies(cluster, 'docker').map((policy): Target => ({ ...policy, ...addresses }))
  const closed = (what: string, port: number, protocol: 'tcp' | 'udp', to: { ipv4: string; ipv6: string }): Target => {
    return { what, port, protocol, reachedBy: [], ...to }
  }
  return await checkPorts(docker, [
    ...own,
    closed('a port that Docker published', publishedPort, 'tcp', addresses),
    closed('a port that Docker published', publishedPort, 'udp', addresses),
    closed('a port that Docker published on loopback', loopbackPort, 'tcp', addresses),
    closed('a container behind it', containerPort, 'tcp', inner),
    closed('a container behind it', containerPort, 'udp', inner),
  ])
}

function containersOf(publicPorts: readonly number[]): TestContainer[] {
  const everywhere = (port: number, suffix = '') => [
    `0.0.0.0:${port}:${containerPort}${suffix}`,
    `[::]:${port}:${containerPort}${suffix}`,
  ]
  return [
    ...publicPorts.map((port) => ({ name: `lab-public-${port}`, publish: everywhere(port) })),
    { name: 'lab-published', publish: [...everywhere(publishedPort), ...everywhere(publishedPort, '/udp')] },
    { name: 'lab-loopback', publish: [`127.0.0.1:${loopbackPort}:${containerPort}`] },
  ]
}
