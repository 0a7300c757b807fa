// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the definitions hold what a template would expand.
import { expect, test } from 'vitest'
import { type Cluster, ConfigError, checkCluster } from '../../../config/index.ts'
import { renderTemplates } from '../../../packer/render.ts'
import { changed } from '../config/sample.ts'

/** A definition in which every builder has all that it can have. */
const complete = {
  name: 'shop',
  nodes: [{ name: 'db-1', role: 'primary', address: '10.0.0.11' }],
  databases: [{ name: 'shop', owner: 'shop_owner', extensions: ['vector'] }],
  firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'] },
  backup: {
    stores: [{ type: 's3', name: 'main', bucket: 'shop-backups' }],
    retention: { keep: { daily: 7 } },
    source: 'primary',
  },
  pgbouncer: { version: '1.25.2' },
  postgres: { packages: 'pgdg' },
  accounts: { backup: { user: 'a' }, monitor: { user: 'b' }, replication: { user: 'c' } },
  images: {
    base: 'debian-13',
    prefix: 'ballast',
    firstBoot: { locale: 'C.UTF-8' },
    builders: {
      qemu: { baseImage: '/b.qcow2', checksum: `sha256:${'a'.repeat(64)}` },
      'amazon-ebs': {
        region: 'sa-east-1',
        sourceAmi: 'ami-0123456789abcdef0',
        instanceType: 't3.small',
        subnet: 'subnet-0123456789abcdef0',
        kmsKey: 'alias/a',
        copyTo: [{ region: 'us-east-1', kmsKey: 'alias/b' }],
      },
      googlecompute: {
        project: 'shop-prod',
        zone: 'southamerica-east1-a',
        sourceImage: 'debian-13-trixie-v20261110',
        machineType: 'e2-small',
      },
      'azure-arm': {
        subscription: '00000000-0000-0000-0000-000000000000',
        resourceGroup: 'shop-images',
        location: 'brazilsouth',
        vmSize: 'Standard_B2s',
        image: { publisher: 'debian', offer: 'debian-13', sku: '13-gen2', version: '0.20261110.2300' },
      },
      digitalocean: { region: 'nyc3', size: 's-1vcpu-1gb', image: 'debian-13-x64', token: { env: 'A' } },
      hcloud: { location: 'nbg1', serverType: 'cx22', image: 'debian-13', token: { env: 'B' } },
    },
  },
  allowedRegions: ['sa-east-1', 'us-east-1'],
}

/** Every path of the definition that holds a text and that templates could take it from. */
function textPaths(value: unknown, path: string): string[] {
  if (typeof value === 'string') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) =>
    textPaths(part, Array.isArray(value) ? `${path}[${key}]` : `${path}${path === '' ? '' : '.'}${key}`),
  )
}

function rendered(raw: unknown): string | undefined {
  let cluster: Cluster
  try {
    cluster = checkCluster(raw)
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
  return renderTemplates(cluster, 'shop.ts')
    .filter(({ path }) => path.endsWith('.json'))
    .map(({ text }) => text)
    .join('')
}

const paths = textPaths(complete, '').filter((path) =>
  /^(name|images|accounts|pgbouncer|postgres|databases|firewall)\b/.test(path),
)
const texts = ['${file("/etc/x")}', '%{ if true }', '{{env `HOME`}}', '$${x}']

test('the definition that is spoilt is well by itself, and its texts are many', () => {
  expect(rendered(complete)).toContain('subnet-0123456789abcdef0')
  expect(paths.length).toBeGreaterThan(35)
})

test.each(texts.flatMap((text) => paths.map((path) => ({ text, path }))))(
  'a template never expands $text from $path',
  ({ text, path }) => {
    const found = ['', 'a', '/'].flatMap((before) => rendered(changed(complete, { [path]: `${before}${text}` })) ?? [])
    for (const all of found) expect(all).not.toContain(JSON.stringify(text).slice(1, -1))
  },
)
