import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Cluster } from '../../../config/index.ts'
import { dockerFiles } from '../../../packer/files/docker.ts'
import { referenceCluster, sampleCluster } from '../../support/definitions.ts'

interface Service {
  [key: string]: unknown
  healthcheck: { test: string[] }
  networks: Record<string, unknown>
}

const reference = await referenceCluster()
const text = (cluster: Cluster, path: string): string => {
  const file = dockerFiles(cluster, 'docker').find((each) => each.path === path)
  if (file === undefined) throw new Error(`${path} is not rendered`)
  return file.content
}
const servicesOf = (cluster: Cluster, stack: string): Record<string, Service> =>
  parse(text(cluster, `/srv/ballast/${stack}/compose.yaml`)).services
const routersOf = (cluster: Cluster, environment: string): Record<string, { rule: string; priority: number; tls: object }> =>
  parse(text(cluster, `/srv/ballast/edge/routes/${environment}.yaml`)).http.routers
const web = { type: 'web', name: 'web', image: 'shop:1', hosts: ['shop.example.com'], port: 3000 }
const withServices = (...services: object[]): Cluster => sampleCluster({ 'docker.services': services })

test('database nodes have none of it', () => {
  expect(dockerFiles(reference, 'primary')).toEqual([])
  expect(dockerFiles(reference, 'replica')).toEqual([])
})

test('every container has a health check, a memory limit, a time to stop and no new privileges', () => {
  const all = ['edge', 'production', 'staging'].flatMap((stack) => Object.entries(servicesOf(reference, stack)))
  expect(all).toHaveLength(13)
  for (const [name, service] of all) {
    expect(service, name).toMatchObject({
      restart: 'unless-stopped',
      security_opt: ['no-new-privileges:true'],
      stop_grace_period: '30s',
      mem_limit: expect.any(Number),
      healthcheck: { test: expect.any(Array), interval: '10s', retries: 3 },
    })
  }
})

test('no container has the socket of the engine, the network or the files of the machine', () => {
  for (const { content } of dockerFiles(reference, 'docker')) {
    expect(content).not.toMatch(/docker\.sock|network_mode|privileged: true|pid: host/)
  }
})

test('nothing that is secret is in the files of the image, nor where it is kept', () => {
  const all = dockerFiles(reference, 'docker').map(({ content }) => content)
  expect(all.join('\n')).not.toContain('shop/app-database-url')
  expect(dockerFiles(reference, 'docker').some(({ path }) => path.endsWith('/.env'))).toBe(false)
})

test('only Traefik publishes ports, those of the web that the firewall opens, over IPv4 and IPv6', () => {
  const published = (cluster: Cluster): unknown => servicesOf(cluster, 'edge').traefik?.ports
  expect(published(reference)).toEqual(['0.0.0.0:80:80', '[::]:80:80', '0.0.0.0:443:443', '[::]:443:443'])
  const closed = sampleCluster({ 'docker.services': [web], 'firewall.publicPorts': [443, 8443] })
  expect(published(closed)).toEqual(['0.0.0.0:443:443', '[::]:443:443'])
  for (const stack of ['production', 'staging']) {
    for (const service of Object.values(servicesOf(reference, stack))) expect(service).not.toHaveProperty('ports')
  }
})

test('each container is in the networks that it needs', () => {
  const networks = Object.entries(servicesOf(reference, 'staging')).map(([name, service]) => [
    name,
    Object.keys(service.networks),
  ])
  expect(Object.fromEntries(networks)).toEqual({
    ...{ web: ['default', 'redis', 'edge'], cable: ['default', 'redis', 'edge'] },
    ...{ worker: ['default', 'redis'], scheduler: ['default', 'redis'], redis: ['redis'], pgadmin: ['pgadmin', 'edge'] },
  })
})

test('a dollar sign reaches the program as it is, for Compose reads it as a variable', () => {
  const command = ['sh', '-c', 'echo $HOME $$ $${x}']
  const worker = { type: 'worker', name: 'worker', image: 'shop:1', command, health: ['test', '$A'] }
  const { worker: rendered } = servicesOf(withServices(worker), 'production')
  expect(rendered?.command).toEqual(['sh', '-c', 'echo $$HOME $$$$ $${x}'])
  expect(rendered?.healthcheck.test).toEqual(['CMD', 'test', '$$A'])
})

test('a service without a health check is asked what its type can always be asked', () => {
  const tests = servicesOf(reference, 'production')
  expect(tests.cable?.healthcheck.test.at(-1)).toContain("grep -qs ':6DB0 [0-9A-F]*:0000 0A'")
  expect(tests.redis?.healthcheck.test.at(-1)).toContain('redis-cli ping')
  expect(tests.pgadmin?.healthcheck.test.at(-1)).toContain('http://127.0.0.1:80/misc/ping')
  expect(tests.worker?.healthcheck.test).toEqual(['CMD', 'bin/alive'])
})

test('the hosts of the definition are those of its own environment; the other has names of its own', () => {
  const rules = (environment: string) => Object.values(routersOf(reference, environment)).map(({ rule }) => rule)
  expect(rules('production')).toEqual([
    'Host(`shop.example.com`)',
    'HostRegexp(`^[^.]+\\.shop\\.example\\.com$`)',
    'Host(`ws.example.com`)',
    'Host(`pgadmin.example.com`)',
  ])
  expect(rules('staging')).toEqual([
    'Host(`staging.shop.example.com`)',
    'HostRegexp(`^[^.]+\\.staging\\.shop\\.example\\.com$`)',
    'Host(`staging.ws.example.com`)',
    'Host(`staging.pgadmin.example.com`)',
  ])
  const alone = sampleCluster({ 'docker.services': [web], 'docker.environments': ['staging'] })
  expect(Object.values(routersOf(alone, 'staging'))[0]?.rule).toBe('Host(`shop.example.com`)')
})

test('a wildcard yields to a host that is named, and has a certificate of its own', () => {
  const { 'production-web-1': named, 'production-web-2': wildcard } = routersOf(reference, 'production')
  expect(wildcard?.priority).toBeLessThan(named?.priority ?? 0)
  expect(wildcard?.tls).toEqual({ certResolver: 'acme', domains: [{ main: '*.shop.example.com' }] })
  expect(named?.tls).toEqual({ certResolver: 'acme' })
})

test('pgAdmin is for the networks of the admins', () => {
  expect(routersOf(reference, 'production')['production-pgadmin-1']).toMatchObject({ middlewares: ['admins@file'] })
  expect(parse(text(reference, '/srv/ballast/edge/routes/shared.yaml')).http.middlewares.admins).toEqual({
    ipAllowList: { sourceRange: ['203.0.113.7/32', '2001:db8:7::/48'] },
  })
})

test.each([
  [undefined, undefined],
  [
    { email: 'o@example.com' },
    { acme: { email: 'o@example.com', storage: '/acme/acme.json', httpChallenge: { entryPoint: 'http' } } },
  ],
  [
    { email: 'o@example.com', challenge: 'dns', dnsProvider: 'route53' },
    { acme: { email: 'o@example.com', storage: '/acme/acme.json', dnsChallenge: { provider: 'route53' } } },
  ],
])('certificates with acme %j', (acme, resolver) => {
  const cluster = sampleCluster({ 'docker.services': [web], 'docker.acme': acme })
  const settings = parse(text(cluster, '/srv/ballast/edge/traefik.yaml'))
  expect(settings.certificatesResolvers).toEqual(resolver === undefined ? undefined : { acme: resolver })
  expect(Object.values(routersOf(cluster, 'production'))[0]?.tls).toEqual(acme === undefined ? {} : { certResolver: 'acme' })
})

test('Traefik answers HTTP with the way to HTTPS alone, and has no dashboard', () => {
  const settings = parse(text(reference, '/srv/ballast/edge/traefik.yaml'))
  expect(settings.entryPoints.http.http).toEqual({
    redirections: { entryPoint: { to: 'https', scheme: 'https', permanent: true } },
  })
  expect(settings).not.toHaveProperty('api')
})

test.each([
  ['172.30.0.0/16', 24],
  ['10.200.0.0/14', 22],
  ['192.168.200.0/22', 28],
])('the pool %s is cut into networks of /%d', (addressPool, size) => {
  const settings = JSON.parse(text(sampleCluster({ 'docker.addressPool': addressPool }), '/etc/docker/daemon.json'))
  expect(settings['default-address-pools']).toEqual([{ base: addressPool, size }])
})
