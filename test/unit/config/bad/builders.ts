import type { BadDefinition } from './bad-definition.ts'

const amazon = { sourceAmi: 'ami-0123456789abcdef0' }
const google = { project: 'shop-prod', zone: 'southamerica-east1-a', sourceImage: 'debian-13-trixie-v20261110' }
const azure = {
  subscription: '00000000-0000-0000-0000-000000000000',
  resourceGroup: 'shop-images',
  location: 'brazilsouth',
  image: { publisher: 'debian', offer: 'debian-13', sku: '13-gen2', version: '0.20261110.2300' },
}
const digitalocean = { region: 'nyc3', image: 'debian-13-x64', token: { env: 'DIGITALOCEAN_TOKEN' } }
const hcloud = { location: 'nbg1', image: 'debian-13', token: { env: 'HCLOUD_TOKEN' } }

function bad(builder: string, well: object, spoilt: object, ...problems: readonly string[]): BadDefinition {
  const at = `images.builders${builder.includes('-') ? `['${builder}']` : `.${builder}`}`
  return {
    changes: { [`images.builders.${builder}`]: { ...well, ...spoilt } },
    lines: problems.map((problem) => `${at}.${problem}`),
  }
}

/** One builder's account details, each wrong in its own way. */
export const builders: readonly BadDefinition[] = [
  bad('qemu', {}, { cpus: 0 }, 'cpus: must be a whole number from 1 to 64; write e.g. 2'),
  bad('qemu', {}, { memory: '256 MB' }, "memory: '256 MB' is under the least, 512 MB; write e.g. '1 GiB'"),
  bad('qemu', {}, { disk: '1 GiB' }, "disk: '1 GiB' is under the least, 2 GiB; write e.g. '8 GiB'"),
  bad('qemu', {}, { accelerator: 'hvf' }, "accelerator: 'hvf' is unknown; did you mean kvm?"),
  bad(
    'qemu',
    {},
    { checksum: `sha256:${'a'.repeat(64)}` },
    'baseImage: is missing for the checksum; add its path or remove the checksum',
  ),
  bad('qemu', {}, { memmory: '1 GiB' }, 'memmory: unknown key; did you mean memory?'),
  bad('amazon-ebs', {}, {}, "sourceAmi: is required; add e.g. 'ami-0123456789abcdef0'"),
  bad('amazon-ebs', amazon, { instanceType: 'small' }, "instanceType: must be an instance type; write e.g. 't3.small'"),
  bad('amazon-ebs', amazon, { subnet: 'vpc-0123' }, "subnet: must be a subnet id; write e.g. 'subnet-0123456789abcdef0'"),
  bad(
    'amazon-ebs',
    amazon,
    { kmsKey: 'ballast' },
    "kmsKey: must be a KMS key: its id, its ARN or 'alias/' and a name; write e.g. 'alias/ballast'",
  ),
  bad('amazon-ebs', amazon, { copyTo: [{ region: 'us-east-1' }] }, "copyTo[0].kmsKey: is required; add e.g. 'alias/ballast'"),
  {
    changes: {
      allowedRegions: ['sa-east-1', 'us-east-1'],
      'images.builders.amazon-ebs': {
        ...amazon,
        copyTo: [
          { region: 'us-east-1', kmsKey: 'alias/a' },
          { region: 'us-east-1', kmsKey: 'alias/b' },
        ],
      },
    },
    lines: [
      "images.builders['amazon-ebs'].copyTo[1].region: 'us-east-1' is also images.builders['amazon-ebs'].copyTo[0].region; name every region once",
    ],
  },
  bad(
    'amazon-ebs',
    amazon,
    { region: 'us-east-1' },
    "region: 'us-east-1' is outside the allowed regions sa-east-1; use one of them or add it to allowedRegions",
  ),
  bad(
    'amazon-ebs',
    amazon,
    { deprecateAfter: '1 hour' },
    "deprecateAfter: '1 hour' is under the least, 1 day; write e.g. '180 days'",
  ),
  bad('amazon-ebs', amazon, { sourceAMI: 'x' }, 'sourceAMI: unknown key; did you mean sourceAmi?'),
  bad(
    'googlecompute',
    google,
    { project: 'Shop' },
    "project: must be a project id: small letters, digits and dashes, 6 to 30 of them; write e.g. 'shop-prod'",
  ),
  bad(
    'googlecompute',
    google,
    { zone: 'southamerica-east1' },
    "zone: must be a zone: a region, a dash and a letter; write e.g. 'southamerica-east1-a'",
  ),
  bad(
    'googlecompute',
    google,
    { sourceImage: 'ubuntu-2404-noble-amd64-v20261110' },
    "sourceImage: 'ubuntu-2404-noble-amd64-v20261110' is not debian-13; name one that is, or change images.base",
  ),
  bad(
    'azure-arm',
    azure,
    { resourceGroup: 'shop images' },
    "resourceGroup: must be the name of a resource group; write e.g. 'shop-images'",
  ),
  bad(
    'azure-arm',
    azure,
    { location: 'Brazil South' },
    "location: must be a location without spaces; write e.g. 'brazilsouth'",
  ),
  bad(
    'azure-arm',
    azure,
    { image: { ...azure.image, offer: 'debian-12', sku: '12-gen2' } },
    "image: 'debian debian-12 12-gen2' is not debian-13; name one that is, or change images.base",
  ),
  bad('azure-arm', azure, { image: undefined }, 'image: is required; add e.g. { ... }'),
  bad(
    'digitalocean',
    digitalocean,
    { region: 'sa-east-1' },
    "region: must be a region: three letters and a digit; write e.g. 'nyc3'",
  ),
  bad(
    'digitalocean',
    digitalocean,
    { image: 'ubuntu-24-04-x64' },
    "image: 'ubuntu-24-04-x64' is not debian-13; name one that is, or change images.base",
  ),
  bad(
    'digitalocean',
    digitalocean,
    { token: 'dop_v1_0123456789abcdef0123' },
    "token: holds an access token; write secret('name'), env('NAME') or file('/path') instead",
  ),
  bad('digitalocean', digitalocean, { token: undefined }, "token: is required; add e.g. secret('name')"),
  bad('hcloud', hcloud, { image: 'debian-12' }, "image: 'debian-12' is not debian-13; name one that is, or change images.base"),
  bad('hcloud', hcloud, { image: 'latest' }, "image: must be an exact version, not latest; write e.g. 'debian-13'"),
  bad('hcloud', hcloud, { location: undefined }, "location: is required; add e.g. 'nbg1'"),
]
