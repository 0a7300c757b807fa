import { integer, optional, preset, text } from './leaf.ts'
import { bytes, seconds } from './quantity.ts'
import { secretRef } from './secret-fields.ts'
import { list, oneOf, section } from './section.ts'
import { exactWord, plainPath, region, word } from './texts.ts'

const qemu = section({
  /** A disk to start from; made from the distribution's packages where it is left out. */
  baseImage: optional(plainPath('/var/cache/ballast/debian-13.qcow2')),
  /** SHA-256 of that disk. */
  checksum: optional(
    text({
      example: `sha256:${'0'.repeat(8)}...`,
      is: 'sha256: and 64 hex digits',
      matches: (raw) => /^sha256:[0-9a-f]{64}$/.test(raw),
    }),
  ),
  cpus: preset(integer(1, 64, 2), 2),
  memory: preset(bytes('1 GiB', { min: '512 MB' }), '1 GiB'),
  disk: preset(bytes('8 GiB', { min: '2 GiB' }), '8 GiB'),
  /** `auto` boots a probe: a /dev/kvm that opens may still hang. */
  accelerator: preset(oneOf('auto', 'kvm', 'tcg'), 'auto'),
})

function kmsKey(example = 'alias/ballast') {
  return text({
    example,
    is: "a KMS key: its id, its ARN or 'alias/' and a name",
    matches: (raw) =>
      /^(alias\/[\w/-]{1,250}|arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(
        raw,
      ),
  })
}

const amazon = section({
  /** Where it is baked; the cluster's region where it is left out. */
  region: optional(region()),
  /** The exact base image; the distribution's newest is not a pin. */
  sourceAmi: text({
    example: 'ami-0123456789abcdef0',
    is: 'an AMI id',
    matches: (raw) => /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(raw),
  }),
  instanceType: preset(
    text({
      example: 't3.small',
      is: 'an instance type',
      matches: (raw) => /^[a-z0-9-]+\.[a-z0-9-]+$/.test(raw),
    }),
    't3.small',
  ),
  subnet: optional(
    text({
      example: 'subnet-0123456789abcdef0',
      is: 'a subnet id',
      matches: (raw) => /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/.test(raw),
    }),
  ),
  /** KMS key in the baking region; the account's default key where it is left out. */
  kmsKey: optional(kmsKey()),
  /** Further regions, each with its own key. */
  copyTo: preset(list(section({ region: region('us-east-1'), kmsKey: kmsKey() })), []),
  deprecateAfter: preset(seconds('180 days', { min: '1 day' }), '180 days'),
})

const google = section({
  project: text({
    example: 'shop-prod',
    is: 'a project id: small letters, digits and dashes, 6 to 30 of them',
    matches: (raw) => /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(raw),
  }),
  zone: text({
    example: 'southamerica-east1-a',
    is: 'a zone: a region, a dash and a letter',
    matches: (raw) => /^[a-z]+-[a-z]+\d+-[a-z]$/.test(raw),
  }),
  /** The exact image, with its date. */
  sourceImage: text({
    example: 'debian-13-trixie-v20261110',
    is: 'an exact image name that ends in its date',
    matches: (raw) => /^[a-z0-9-]+-v\d{8}$/.test(raw),
  }),
  machineType: preset(word('e2-small'), 'e2-small'),
})

const azure = section({
  subscription: text({
    example: '00000000-0000-0000-0000-000000000000',
    is: 'a subscription id',
    matches: (raw) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(raw),
  }),
  resourceGroup: text({
    example: 'shop-images',
    is: 'the name of a resource group',
    matches: (raw) => /^[\w.-]{0,89}[\w-]$/.test(raw),
  }),
  location: text({ example: 'brazilsouth', is: 'a location without spaces', matches: (raw) => /^[a-z0-9]+$/.test(raw) }),
  vmSize: preset(word('Standard_B2s'), 'Standard_B2s'),
  image: section({
    publisher: word('debian'),
    offer: word('debian-13'),
    sku: word('13-gen2'),
    /** Exact, never `latest`. */
    version: exactWord('0.20261110.2300'),
  }),
})

const digitalocean = section({
  region: text({ example: 'nyc3', is: 'a region: three letters and a digit', matches: (raw) => /^[a-z]{3}\d$/.test(raw) }),
  size: preset(word('s-1vcpu-1gb'), 's-1vcpu-1gb'),
  image: exactWord('debian-13-x64'),
  token: secretRef(),
})

const hcloud = section({
  location: word('nbg1'),
  serverType: preset(word('cx22'), 'cx22'),
  image: exactWord('debian-13'),
  token: secretRef(),
})

/** Where images are baked. A builder that is left out still gets a template, with its account details as variables. */
export const builders = section({
  qemu: preset(qemu, {}),
  'amazon-ebs': optional(amazon),
  googlecompute: optional(google),
  'azure-arm': optional(azure),
  digitalocean: optional(digitalocean),
  hcloud: optional(hcloud),
})
