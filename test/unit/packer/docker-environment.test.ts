import { expect, test } from 'vitest'
import { stacksOf } from '../../../packer/docker/stacks.ts'
import { envFile, stackSecrets, stackVariables } from '../../../packer/docker-environment.ts'
import { referenceCluster, sampleCluster } from '../../support/definitions.ts'

const reference = await referenceCluster()

test('the stacks of a node: Traefik where a service has hosts, and every environment', () => {
  expect(stacksOf(reference)).toEqual(['edge', 'production', 'staging'])
  expect(stacksOf(sampleCluster())).toEqual([])
  const worker = { type: 'worker', name: 'worker', image: 'shop:1' }
  expect(stacksOf(sampleCluster({ 'docker.services': [worker] }))).toEqual(['production', 'staging'])
})

test("the seed needs the secrets of the definition's own environment, by the names of .env", () => {
  expect(stackSecrets(reference, 'production')).toEqual([
    {
      name: 'WEB__DATABASE_URL',
      path: 'docker.services[0].environment.DATABASE_URL',
      ref: { secret: 'shop/app-database-url' },
    },
  ])
})

test('another environment beside it never gets them: its operator writes its own', () => {
  expect(stackSecrets(reference, 'staging')).toEqual([])
  expect(stackVariables(reference, 'staging').find(({ name }) => name === 'WEB__DATABASE_URL')?.source).toBe('operator')
})

test('a cluster that is staging as a whole has secrets in staging', () => {
  const environment = { API_KEY_FILE: { file: '/k' } }
  const cluster = sampleCluster({
    environment: 'staging',
    'docker.environments': ['staging'],
    'docker.services': [{ type: 'worker', name: 'night-shift', image: 'shop:1', environment }],
  })
  expect(stackSecrets(cluster, 'staging').map(({ name }) => name)).toEqual(['NIGHT_SHIFT__API_KEY_FILE'])
})

test("Traefik gets the DNS provider's variables", () => {
  const environment = { CF_DNS_API_TOKEN: { secret: 'shop/dns' }, CF_PROPAGATION_TIMEOUT: 60 }
  const acme = { email: 'ops@example.com', challenge: 'dns', dnsProvider: 'cloudflare', environment }
  const cluster = sampleCluster({ 'docker.acme': acme })
  expect(stackVariables(cluster, 'edge')).toEqual([
    {
      name: 'TRAEFIK__CF_DNS_API_TOKEN',
      path: 'docker.acme.environment.CF_DNS_API_TOKEN',
      source: { ref: { secret: 'shop/dns' } },
    },
    {
      name: 'TRAEFIK__CF_PROPAGATION_TIMEOUT',
      path: 'docker.acme.environment.CF_PROPAGATION_TIMEOUT',
      source: { value: '60' },
    },
  ])
})

test('pgAdmin has what its image asks for, unless the definition says it; nobody chooses its password', () => {
  const pgadmin = { type: 'pgadmin', name: 'pgadmin', image: 'pgadmin:9', hosts: ['pgadmin.example.com'], port: 8080 }
  const sources = (environment: object) => {
    const cluster = sampleCluster({ 'docker.services': [{ ...pgadmin, environment }] })
    return Object.fromEntries(
      stackVariables(cluster, 'production').map(({ name, source }) => [name.slice('PGADMIN__'.length), source]),
    )
  }
  expect(sources({})).toEqual({
    PGADMIN_DEFAULT_EMAIL: { value: 'admin@pgadmin.example.com' },
    PGADMIN_DEFAULT_PASSWORD: 'generated',
    PGADMIN_DISABLE_POSTFIX: { value: 'true' },
    PGADMIN_LISTEN_PORT: { value: '8080' },
  })
  expect(sources({ PGADMIN_DEFAULT_EMAIL: 'dba@example.com' }).PGADMIN_DEFAULT_EMAIL).toEqual({ value: 'dba@example.com' })
  expect(sources({ PGADMIN_DEFAULT_PASSWORD: { env: 'P' } }).PGADMIN_DEFAULT_PASSWORD).toEqual({ ref: { env: 'P' } })
})

test('a text that templates would expand is meant without its second sign', () => {
  const services = [{ type: 'worker', name: 'w', image: 'shop:1', environment: { GREETING: 'a $${b} c' } }]
  const [variable] = stackVariables(sampleCluster({ 'docker.services': services }), 'production')
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the application gets.
  expect(variable?.source).toEqual({ value: 'a ${b} c' })
})

test('a .env file is one line for each variable', () => {
  expect(
    envFile([
      { name: 'A', value: 'x $y #z' },
      { name: 'B', value: "it's" },
    ]),
  ).toBe(`A='x $y #z'\nB="it's"\n`)
})
