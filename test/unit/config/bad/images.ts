// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the definitions hold what a template would expand.
import type { BadDefinition } from './bad-definition.ts'

export const images: readonly BadDefinition[] = [
  { changes: { 'images.base': 'debian-12' }, lines: ["images.base: 'debian-12' is unknown; did you mean debian-13?"] },
  {
    changes: { 'postgres.version': 16 },
    lines: ["postgres.version: debian-13 ships PostgreSQL 17, not 16; write 17, or packages: 'pgdg'"],
  },
  {
    changes: { 'pgbouncer.version': '1.25.2' },
    lines: ["pgbouncer.version: debian-13 ships PgBouncer 1.24.1, not 1.25.2; remove it, or write postgres.packages: 'pgdg'"],
  },
  {
    changes: { 'images.builders.qemu': { baseImage: '/x.qcow2' } },
    lines: ["images.builders.qemu.checksum: is missing for the base image; add checksum: 'sha256:...'"],
  },
  {
    changes: { 'images.builders.qemu': { checksum: 'md5:abc' } },
    lines: ["images.builders.qemu.checksum: must be sha256: and 64 hex digits; write e.g. 'sha256:00000000...'"],
  },
  {
    changes: { 'images.builders.amazon-ebs': { sourceAmi: 'debian-13' } },
    lines: ["images.builders['amazon-ebs'].sourceAmi: must be an AMI id; write e.g. 'ami-0123456789abcdef0'"],
  },
  {
    changes: {
      'images.builders.amazon-ebs': {
        sourceAmi: 'ami-0123456789abcdef0',
        copyTo: [{ region: 'sa-east-1', kmsKey: 'alias/x' }],
      },
    },
    lines: ["images.builders['amazon-ebs'].copyTo[0].region: 'sa-east-1' is where the image is baked; remove it"],
  },
  {
    changes: {
      'images.builders.amazon-ebs': {
        sourceAmi: 'ami-0123456789abcdef0',
        copyTo: [{ region: 'eu-west-1', kmsKey: 'alias/x' }],
      },
    },
    lines: [
      "images.builders['amazon-ebs'].copyTo[0].region: 'eu-west-1' is outside the allowed regions sa-east-1; use one of them or add it to allowedRegions",
    ],
  },
  {
    changes: {
      'images.builders.googlecompute': { project: 'shop-prod', zone: 'southamerica-east1-a', sourceImage: 'debian-13' },
    },
    lines: [
      "images.builders.googlecompute.sourceImage: must be an exact image name that ends in its date; write e.g. 'debian-13-trixie-v20261110'",
    ],
  },
  {
    changes: {
      'images.builders.azure-arm': {
        subscription: 'x',
        resourceGroup: 'g',
        location: 'l',
        image: { publisher: 'p', offer: 'o', sku: 's', version: 'latest' },
      },
    },
    lines: [
      "images.builders['azure-arm'].subscription: must be a subscription id; write e.g. '00000000-0000-0000-0000-000000000000'",
      "images.builders['azure-arm'].image.version: must be an exact version, not latest; write e.g. '0.20261110.2300'",
    ],
  },
  {
    changes: { 'images.builders.hcloud': { location: 'nbg1', image: 'debian-13', token: 'abcdef' } },
    lines: [
      "images.builders.hcloud.token: is a secret in plain text; write secret('name'), env('NAME') or file('/path') instead",
    ],
  },
  {
    changes: { 'images.builders.linode': {} },
    lines: ['images.builders.linode: unknown key; use one of qemu, amazon-ebs, googlecompute, azure-arm, digitalocean, hcloud'],
  },
  ...(['/b/${x}.qcow2', '/b/../x.qcow2', 'b.qcow2', '/b/{{env `HOME`}}.qcow2'] as const).map((baseImage) => ({
    changes: { 'images.builders.qemu': { baseImage, checksum: `sha256:${'a'.repeat(64)}` } },
    lines: [
      baseImage.includes('${')
        ? 'images.builders.qemu.baseImage: holds an unescaped ${; templates would expand it, so write $${ for a literal ${'
        : "images.builders.qemu.baseImage: must be an absolute path of letters, digits and . _ - + @; write e.g. '/var/cache/ballast/debian-13.qcow2'",
    ],
  })),
  {
    changes: { 'images.firstBoot': { adminKeys: ['ssh-rsa AAAAB3'] } },
    lines: ["images.firstBoot.adminKeys[0]: must be a public SSH key (ed25519 or ecdsa); write e.g. 'ssh-ed25519 AAAA... ana'"],
  },
]
