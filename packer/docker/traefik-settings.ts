import type { Cluster } from '../../config/index.ts'
import { webPorts } from './edge-stack.ts'

/** Traefik's name for the way to certificates, where the definition has one. */
export const CERTIFICATE_RESOLVER = 'acme'

/** Traefik's own settings. No dashboard and no programming interface: both are off unless they are asked for. */
export function traefikSettings(cluster: Cluster): object {
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    entryPoints: {
      ...(webPorts(cluster).includes(80) ? { http: { address: ':80', http: { redirections: REDIRECTIONS } } } : {}),
      https: { address: ':443', http: { middlewares: ['headers@file'] } },
      // For the health check, inside the container alone.
      ping: { address: '127.0.0.1:8080' },
    },
    ping: { entryPoint: 'ping' },
    providers: { file: { directory: '/etc/traefik/routes', watch: true } },
    ...certificateResolvers(cluster),
    log: { level: 'INFO', noColor: true },
    accessLog: { format: 'json' },
  }
}

const REDIRECTIONS = { entryPoint: { to: 'https', scheme: 'https', permanent: true } }

function certificateResolvers({ docker: { acme } }: Cluster): object {
  if (acme === undefined) return {}
  const challenge =
    acme.challenge === 'dns' ? { dnsChallenge: { provider: acme.dnsProvider } } : { httpChallenge: { entryPoint: 'http' } }
  const resolver = { acme: { email: acme.email, storage: '/acme/acme.json', ...challenge } }
  return { certificatesResolvers: { [CERTIFICATE_RESOLVER]: resolver } }
}
