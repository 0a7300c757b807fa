import type { Cluster } from '../../config/index.ts'
import { type Environment, edgeAlias, hostsIn, isServed, type ServedService } from './stacks.ts'
import { CERTIFICATE_RESOLVER } from './traefik-settings.ts'

const ONE_YEAR_SECONDS = 31_536_000

/** What all routes share: headers on every answer, a guard for pgAdmin, and the oldest TLS that is spoken. */
export function sharedRoutes({ firewall }: Cluster): object {
  return {
    http: {
      middlewares: {
        headers: {
          headers: {
            stsSeconds: ONE_YEAR_SECONDS,
            contentTypeNosniff: true,
            customFrameOptionsValue: 'SAMEORIGIN',
            referrerPolicy: 'strict-origin-when-cross-origin',
            // An empty value takes the header out of the answer.
            customResponseHeaders: { Server: '', 'X-Powered-By': '' },
          },
        },
        admins: { ipAllowList: { sourceRange: firewall.admin.map(({ text }) => text) } },
      },
    },
    tls: { options: { default: { minVersion: 'VersionTLS12' } } },
  }
}

/** Which service answers for which host of an environment. */
export function environmentRoutes(cluster: Cluster, environment: Environment): object {
  const served = cluster.docker.services.filter(isServed)
  const routers = served.flatMap((service) =>
    hostsIn(cluster, environment, service).map((host, index) => [
      `${edgeAlias(environment, service)}-${index + 1}`,
      router(cluster, environment, service, host),
    ]),
  )
  const services = served.map((service) => {
    const alias = edgeAlias(environment, service)
    return [alias, { loadBalancer: { servers: [{ url: `http://${alias}:${service.port}` }] } }]
  })
  return { http: { routers: Object.fromEntries(routers), services: Object.fromEntries(services) } }
}

function router(cluster: Cluster, environment: Environment, service: ServedService, host: string): object {
  const wildcard = host.startsWith('*.')
  const rule = wildcard ? `HostRegexp(\`^[^.]+\\.${host.slice(2).replaceAll('.', '\\.')}$\`)` : `Host(\`${host}\`)`
  return {
    rule,
    // A host that is named goes before a wildcard that matches it too; by itself Traefik prefers the longer rule.
    priority: wildcard ? 1 : 2,
    entryPoints: ['https'],
    service: edgeAlias(environment, service),
    ...(service.type === 'pgadmin' ? { middlewares: ['admins@file'] } : {}),
    tls: cluster.docker.acme === undefined ? {} : certificate(host, wildcard),
  }
}

/** Of a regular expression Traefik cannot tell the name that the certificate is for. */
function certificate(host: string, wildcard: boolean): object {
  return { certResolver: CERTIFICATE_RESOLVER, ...(wildcard ? { domains: [{ main: host }] } : {}) }
}
