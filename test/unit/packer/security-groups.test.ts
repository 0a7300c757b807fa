import { expect, test } from 'vitest'
import type { Cluster } from '../../../config/index.ts'
import { firewallRules, networksOf } from '../../../packer/firewall-rules.ts'
import { IMAGE_ROLES, type ImageRole } from '../../../packer/roles.ts'
import { referenceCluster, sampleCluster } from '../../support/definitions.ts'
import { renderedText } from '../../support/packer-template.ts'

const reference = await referenceCluster()

/** `network port` of everything that the model lets in. */
function allowed(cluster: Cluster, role: ImageRole): string[] {
  return firewallRules(cluster, role).flatMap((rule) =>
    networksOf(rule.from, cluster).flatMap(({ text }) => rule.ports.map((port) => `${text} ${port}`)),
  )
}

/** The same, read back from what each cloud would be given. */
const openings: Record<string, (body: never) => string[]> = {
  amazon: ({ Resources }: { Resources: { Group: { Properties: { SecurityGroupIngress: AmazonRule[] } } } }) =>
    Resources.Group.Properties.SecurityGroupIngress.map((rule) => {
      expect(rule).toMatchObject({ IpProtocol: 'tcp', ToPort: rule.FromPort })
      return `${rule.CidrIp ?? rule.CidrIpv6} ${rule.FromPort}`
    }),
  google: (rules: GoogleRule[]) =>
    rules.flatMap(({ sourceRanges, allowed: [first] }) =>
      sourceRanges.flatMap((range) => first.ports.map((port) => `${range} ${port}`)),
    ),
  azure: ({ resources: [group] }: { resources: [{ properties: { securityRules: AzureRule[] } }] }) =>
    group.properties.securityRules.flatMap(({ properties }) =>
      properties.access === 'Deny'
        ? []
        : properties.sourceAddressPrefixes.flatMap((prefix) =>
            properties.destinationPortRanges.map((port) => `${prefix} ${port}`),
          ),
    ),
  digitalocean: ({ inbound_rules }: { inbound_rules: { ports: string; sources: { addresses: string[] } }[] }) =>
    inbound_rules.flatMap(({ ports, sources }) => sources.addresses.map((address) => `${address} ${ports}`)),
  hetzner: (rules: { port: string; source_ips: string[] }[]) =>
    rules.flatMap(({ port, source_ips }) => source_ips.map((address) => `${address} ${port}`)),
}

interface AmazonRule {
  IpProtocol: string
  FromPort: number
  ToPort: number
  CidrIp?: string
  CidrIpv6?: string
}

interface GoogleRule {
  name: string
  sourceRanges: string[]
  targetTags: string[]
  allowed: [{ ports: string[] }]
}

interface AzureRule {
  name: string
  properties: {
    access: string
    priority: number
    sourceAddressPrefixes: string[]
    destinationPortRanges: string[]
  }
}

function bodyOf<T>(cluster: Cluster, cloud: string, target: string): T {
  return JSON.parse(renderedText(cluster, `security-groups/${cloud}/${target}.json`)) as T
}

const cases = Object.keys(openings).flatMap((cloud) => IMAGE_ROLES.map((role) => ({ cloud, role })))

test.each(cases)('$cloud opens for $role exactly what the machine itself opens', ({ cloud, role }) => {
  const opened = openings[cloud]?.(bodyOf<never>(reference, cloud, role)) ?? []
  expect(opened.length).toBeGreaterThan(3)
  expect(opened.toSorted()).toEqual(allowed(reference, role).toSorted())
})

test('what each role lets in', () => {
  const rules = (role: ImageRole) => firewallRules(reference, role).map(({ from, ports, service }) => [service, from, ...ports])
  const database = [
    ['ssh', 'admin', 22],
    ['node-exporter', 'monitor', 9100],
    ['postgresql', 'admin', 5432],
    ['postgresql', 'replica', 5432],
    ['pgbouncer', 'admin', 6432],
    ['pgbouncer', 'app', 6432],
    ['postgres-exporter', 'monitor', 9187],
  ]
  expect(rules('primary')).toEqual(database)
  expect(rules('replica')).toEqual(database)
  expect(rules('docker')).toEqual([
    ['ssh', 'admin', 22],
    ['node-exporter', 'monitor', 9100],
    ['web', 'anyone', 80, 443],
  ])
})

test('a group without networks opens nothing, rather than everything', () => {
  const cluster = sampleCluster({ 'firewall.publicPorts': [] })
  expect(firewallRules(cluster, 'docker').map(({ service }) => service)).toEqual(['ssh'])
  for (const cloud of Object.keys(openings)) {
    expect(openings[cloud]?.(bodyOf<never>(cluster, cloud, 'docker'))).toEqual(['203.0.113.7/32 22'])
  }
})

test('only the docker role opens anything to the world', () => {
  const world = (role: ImageRole) => allowed(reference, role).filter((opening) => /^(0\.0\.0\.0|::)\/0 /.test(opening))
  expect(IMAGE_ROLES.map(world)).toEqual([['0.0.0.0/0 80', '0.0.0.0/0 443', '::/0 80', '::/0 443'], [], []])
})

test.each(['digitalocean', 'google', 'hetzner'])('machines that bake on %s are reached by the admins alone', (cloud) => {
  const opened = openings[cloud]?.(bodyOf<never>(reference, cloud, 'bake'))
  expect(opened).toEqual(['203.0.113.7/32 22', '2001:db8:7::/48 22'])
})

test('no rule of Google or Azure mixes the address families', () => {
  const families = (networks: string[]) => new Set(networks.map((network) => network.includes(':'))).size
  const google = bodyOf<GoogleRule[]>(reference, 'google', 'docker')
  const azure = bodyOf<{ resources: [{ properties: { securityRules: AzureRule[] } }] }>(reference, 'azure', 'docker')
  const accepting = azure.resources[0].properties.securityRules.filter(({ properties }) => properties.access === 'Allow')
  expect(google.map(({ sourceRanges }) => families(sourceRanges))).toEqual(google.map(() => 1))
  expect(accepting.map(({ properties }) => families(properties.sourceAddressPrefixes))).toEqual(accepting.map(() => 1))
})

test('on Azure the rest is refused, after every rule that accepts', () => {
  const { resources } = bodyOf<{ resources: [{ properties: { securityRules: AzureRule[] } }] }>(reference, 'azure', 'primary')
  const rules = resources[0].properties.securityRules
  const priorities = rules.map(({ properties }) => properties.priority)
  expect(rules.at(-1)?.properties.access).toBe('Deny')
  expect(priorities).toEqual([...new Set(priorities)].toSorted((a, b) => a - b))
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length)
})

test('machines are found by the name of their firewall', () => {
  const google = bodyOf<GoogleRule[]>(reference, 'google', 'primary')
  expect(new Set(google.map(({ name }) => name)).size).toBe(google.length)
  expect(new Set(google.flatMap(({ targetTags }) => targetTags))).toEqual(new Set(['ballast-shop-primary']))
  expect(bodyOf(reference, 'digitalocean', 'primary')).toMatchObject({ tags: ['ballast-shop-primary'] })
})
