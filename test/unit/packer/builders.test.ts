// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are expressions of HCL.
import { expect, test } from 'vitest'
import { env, secret } from '../../../config/index.ts'
import { referenceCluster, sampleCluster } from '../../support/definitions.ts'
import { sourceOf, template } from '../../support/packer-template.ts'

const reference = await referenceCluster()
const hetzner = { location: 'nbg1', image: 'debian-13' }

test('amazon-ebs encrypts, demands IMDSv2, copies with a key for each region, and sets a date of deprecation', () => {
  const { variable } = template(reference, 'primary', 'amazon-ebs')
  expect(sourceOf(reference, 'primary', 'amazon-ebs')).toMatchObject({
    encrypt_boot: true,
    imds_support: 'v2.0',
    metadata_options: { http_tokens: 'required' },
    ami_regions: '${keys(var.copy_to)}',
    region_kms_key_ids: '${var.copy_to}',
    deprecate_at: '${timeadd(var.date, var.deprecate_after)}',
  })
  expect(variable.copy_to).toMatchObject({ type: 'map(string)', default: { 'us-east-1': 'alias/shop-images' } })
  expect(variable.deprecate_after?.default).toBe('4320h')
})

test('amazon-ebs tags everything that it makes', () => {
  const { tags, ...source } = sourceOf(reference, 'replica', 'amazon-ebs')
  expect(Object.keys(tags as object)).toHaveLength(6)
  expect(source).toMatchObject({ snapshot_tags: tags, run_tags: tags, run_volume_tags: tags })
})

test.each([
  ['amazon-ebs', 'temporary_security_group_source_cidrs', ['203.0.113.7/32', '2001:db8:7::/48']],
  ['azure-arm', 'allowed_inbound_ip_addresses', ['203.0.113.7/32']],
] as const)('%s lets SSH in from the admins alone, unless a build says from where else', (builder, key, networks) => {
  const { variable } = template(reference, 'docker', builder)
  expect(sourceOf(reference, 'docker', builder)[key]).toBe('${var.bake_networks}')
  expect(variable.bake_networks).toMatchObject({ type: 'list(string)', default: networks })
  expect(variable.bake_networks?.validation).toHaveLength(1)
})

test('azure-arm asks for networks where the admins have none of IPv4: an empty list would open SSH to the world', () => {
  const cluster = sampleCluster({ 'firewall.admin': ['2001:db8:7::/48'] })
  expect(template(cluster, 'docker', 'azure-arm').variable.bake_networks).not.toHaveProperty('default')
})

test('what makes no firewall itself is put behind one of ours', () => {
  expect(sourceOf(reference, 'docker', 'hcloud')).toMatchObject({ firewalls: ['ballast-shop-bake'] })
  expect(sourceOf(reference, 'docker', 'digitalocean')).toMatchObject({ tags: ['ballast-shop-bake'] })
  expect(sourceOf(reference, 'docker', 'googlecompute')).toMatchObject({
    tags: ['ballast-shop-bake'],
    network: '${var.network}',
  })
  expect(template(reference, 'docker', 'googlecompute').variable.network).not.toHaveProperty('default')
})

test('qemu forwards SSH from the loopback address alone, and spells out both drives', () => {
  const { qemuargs } = sourceOf(reference, 'primary', 'qemu') as { qemuargs: string[][] }
  const values = (flag: string) => qemuargs.filter(([name]) => name === flag).map(([, value]) => value)
  expect(values('-netdev')).toEqual(['user,id=user.0,hostfwd=tcp:127.0.0.1:{{ .SSHHostPort }}-:22'])
  expect(values('-drive')).toEqual([
    expect.stringMatching(/^file=\{\{ \.OutputDir }}\/\{\{ \.Name }},if=virtio,.*format=qcow2$/),
    'file=${var.seed_image},if=virtio,format=raw,readonly=on',
  ])
})

test('qemu takes machine, disk and base from the definition, and never guesses the accelerator', () => {
  const checksum = `sha256:${'a'.repeat(64)}`
  const cluster = sampleCluster({
    'images.builders.qemu': { cpus: 4, memory: '3 GiB', disk: '10 GiB', accelerator: 'kvm', baseImage: '/b.qcow2', checksum },
  })
  expect(sourceOf(cluster, 'primary', 'qemu')).toMatchObject({
    cpus: 4,
    memory: 3072,
    disk_size: '10240M',
    disk_compression: false,
  })
  expect(template(cluster, 'primary', 'qemu').variable).toMatchObject({
    base_image: { default: '/b.qcow2' },
    base_checksum: { default: checksum },
    accelerator: { default: 'kvm' },
  })
  expect(template(reference, 'primary', 'qemu').variable.accelerator).not.toHaveProperty('default')
})

test.each([
  [env('TOKEN_OF_HETZNER'), 'TOKEN_OF_HETZNER'],
  [secret('shop/hetzner'), 'HCLOUD_TOKEN'],
])('a token is a sensitive variable from the environment: %j', (token, name) => {
  const cluster = sampleCluster({ 'images.builders.hcloud': { ...hetzner, token } })
  expect(template(cluster, 'primary', 'hcloud').variable.token).toMatchObject({
    sensitive: true,
    default: `\${env("${name}")}`,
  })
})

test.each([
  ['debian-13', 'admin', 'debian-cloud'],
  ['ubuntu-24.04', 'ubuntu', 'ubuntu-os-cloud'],
] as const)('%s is logged in to by its own user, and found in its own project', (base, user, project) => {
  const cluster = sampleCluster({ 'images.base': base, 'postgres.packages': 'pgdg' })
  expect(sourceOf(cluster, 'primary', 'amazon-ebs').ssh_username).toBe(user)
  expect(template(cluster, 'primary', 'googlecompute').variable.source_project?.default).toBe(project)
})
