import { hostIn, ownEnvironment } from '../docker-hosts.ts'
import type { Problem } from '../problems.ts'
import type { ParsedCluster } from '../schema/cluster.ts'
import { type Rule, repeated, when } from './rule.ts'

type Service = ParsedCluster['docker']['services'][number]

function hostsOf(service: Service): readonly string[] {
  return 'hosts' in service ? service.hosts : []
}

const unlike: Rule = {
  needs: ['docker.services', 'docker.environments'],
  check: ({ docker: { services, environments } }) => [
    ...repeated(
      services,
      ({ name }) => name,
      (index) => `docker.services[${index}].name`,
      'give every service its own name',
    ),
    ...repeated(
      services,
      ({ type }) => (type === 'redis' ? type : undefined),
      (index) => `docker.services[${index}].type`,
      'keep one Redis',
    ),
    ...repeated(
      environments,
      (name) => name,
      (index) => `docker.environments[${index}]`,
      'name every environment once',
    ),
    ...sharedHosts(services),
    ...services.flatMap(({ name }, index) =>
      when(
        name === 'traefik',
        `docker.services[${index}].name`,
        "'traefik' is the proxy's own",
        'give the service another name',
      ),
    ),
  ],
}

function sharedHosts(services: readonly Service[]): Problem[] {
  const hosts = services.flatMap((service, index) =>
    hostsOf(service).map((host, at) => ({ host, path: `docker.services[${index}].hosts[${at}]` })),
  )
  return repeated(
    hosts,
    ({ host }) => host,
    (index) => hosts[index]?.path ?? '',
    'send every host to one service',
  )
}

/** Where two environments run, those of the second have names of their own. */
const otherHosts: Rule = {
  needs: ['environment', 'docker.services', 'docker.environments'],
  check: (cluster) => {
    const { services, environments } = cluster.docker
    const written = services.flatMap(hostsOf)
    const others = environments.filter((name) => name !== ownEnvironment(cluster))
    return services.flatMap((service, index) =>
      hostsOf(service).flatMap((host, at) => {
        const taken = others.find((name) => written.some((other) => hostIn(cluster, name, other) === host))
        return when(
          taken !== undefined,
          `docker.services[${index}].hosts[${at}]`,
          `'${host}' is what a host of this definition is called in ${taken}`,
          `remove it, or ${taken} from docker.environments`,
        )
      }),
    )
  },
}

const someNode: Rule = {
  needs: ['docker.services', 'nodes'],
  check: ({ docker, nodes }) =>
    when(
      docker.services.length > 0 && !nodes.some(({ role }) => role === 'docker'),
      'docker.services',
      'has services, but no node runs them',
      "add a node with role: 'docker'",
    ),
}

const health: Rule = {
  needs: ['docker.services'],
  check: ({ docker: { services } }) =>
    services.flatMap((service, index) =>
      when(
        'healthPath' in service && service.healthPath !== undefined && service.health !== undefined,
        `docker.services[${index}].health`,
        'and healthPath are two health checks',
        'keep one of them',
      ),
    ),
}

const certificates: Rule = {
  needs: ['docker.services', 'docker.acme'],
  check: ({ docker: { services, acme } }) => {
    const wildcard = services.flatMap(hostsOf).find((host) => host.startsWith('*.'))
    return [
      ...when(
        acme?.challenge === 'http' && wildcard !== undefined,
        'docker.acme.challenge',
        `the http challenge gives no certificate for ${wildcard}`,
        "write challenge: 'dns' and a dnsProvider",
      ),
      ...when(
        acme?.challenge === 'dns' && acme.dnsProvider === undefined,
        'docker.acme.dnsProvider',
        'is required for the dns challenge',
        "add e.g. dnsProvider: 'route53'",
      ),
    ]
  },
}

const openForWeb: Rule = {
  needs: ['docker.services', 'docker.acme', 'firewall.publicPorts'],
  check: ({ docker, firewall: { publicPorts } }) => [
    ...when(
      docker.services.some((service) => hostsOf(service).length > 0) && !publicPorts.includes(443),
      'firewall.publicPorts',
      'lacks 443, but services have hosts',
      'add 443',
    ),
    ...when(
      docker.acme?.challenge === 'http' && !publicPorts.includes(80),
      'firewall.publicPorts',
      'lacks 80, which the http challenge needs',
      "add 80, or write docker.acme.challenge: 'dns'",
    ),
  ],
}

export const dockerRules: readonly Rule[] = [unlike, otherHosts, someNode, health, certificates, openForWeb]
