import { integer, optional, preset, text } from './leaf.ts'
import { bytes, seconds } from './quantity.ts'
import { secretRef } from './secret-fields.ts'
import { list, oneOf, section } from './section.ts'
import { absolutePath, exactWord, region, word } from './texts.ts'

const qemu = section({
  /** A disk to start from; made from the distribution's packages where it is left out. */
  baseImage: optional(absolutePath('/var/cache/ballast/debian-13.qcow2')),
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

const amazon = section({
  /** Where it is baked; the cluster's region where it is left out. */
  region: optional(region()),
  /** The exact base image; the distribution's newest is not a pin. */
  sourceAmi: text({
    example: 'ami-0123456789abcdef0',
    is: 'an AMI id',
    matches: (raw) => /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(raw),
  }),
  instanceType: preset(word('t4g.small'), 't3.small'),
  subnet: optional(word('subnet-0123456789abcdef0')),
  /** KMS key in the baking region; the account's default key where it is left out. */
  kmsKey: optional(word('alias/ballast')),
  /** Further regions, each with its own key. */
  copyTo: preset(list(section({ region: region('us-east-1'), kmsKey: word('alias/ballast') })), []),
  deprecateAfter: preset(seconds('180 days', { min: '1 day' }), '180 days'),
})

const google = section({
  project: word('shop-prod'),
  zone: word('southamerica-east1-a'),
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
  resourceGroup: word('shop-images'),
  location: word('brazilsouth'),
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
  region: word('nyc3'),
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
