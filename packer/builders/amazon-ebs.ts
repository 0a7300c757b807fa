// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are expressions of HCL.
import type { Cluster } from '../../config/index.ts'
import type { JsonObject } from '../json.ts'
import { imageName, imageTags } from '../tags.ts'
import { text, type Variables, variable } from '../variables.ts'
import { bakeNetworks } from './bake-networks.ts'
import type { Builder } from './builder.ts'

/** An instance whose temporary security group lets SSH in from `bake_networks` alone. */
export const amazonEbs: Builder = {
  name: 'amazon-ebs',
  plugin: { name: 'amazon', source: 'github.com/hashicorp/amazon', version: '1.8.2' },
  parts: (cluster, role) => {
    const tags = imageTags(cluster, role, '${var.source_ami}')
    return { variables: variables(cluster), source: source(cluster, imageName(cluster, role), tags), tags, root: false }
  },
}

function variables(cluster: Cluster): Variables {
  const amazon = cluster.images.builders['amazon-ebs']
  const copies = amazon?.copyTo.map(({ region, kmsKey }) => [region, kmsKey] as const) ?? []
  return {
    region: text('Where the image is baked.', amazon?.region ?? cluster.region),
    source_ami: text('The exact base image.', amazon?.sourceAmi),
    instance_type: text('Machine that bakes.', amazon?.instanceType),
    subnet: text("Its subnet; one of the region's default network where it is empty.", amazon?.subnet ?? ''),
    kms_key: text("Key of the image's disk; the account's default key where it is empty.", amazon?.kmsKey ?? ''),
    copy_to: variable('Further regions, each with its own key.', 'map(string)', Object.fromEntries(copies)),
    deprecate_after: text(
      'Age at which the image is marked as deprecated, in hours: 4320h.',
      amazon === undefined ? undefined : `${Math.round(amazon.deprecateAfterSeconds / 3600)}h`,
    ),
    bake_networks: bakeNetworks(cluster.firewall.admin),
  }
}

function source({ images: { base } }: Cluster, name: string, tags: JsonObject): JsonObject {
  return {
    region: '${var.region}',
    source_ami: '${var.source_ami}',
    instance_type: '${var.instance_type}',
    subnet_id: '${var.subnet}',
    temporary_security_group_source_cidrs: '${var.bake_networks}',
    communicator: 'ssh',
    ssh_username: base === 'debian-13' ? 'admin' : 'ubuntu',
    ssh_timeout: '15m',
    temporary_key_pair_type: 'ed25519',
    ami_name: name,
    ami_virtualization_type: 'hvm',
    ena_support: true,
    encrypt_boot: true,
    kms_key_id: '${var.kms_key}',
    ami_regions: '${keys(var.copy_to)}',
    region_kms_key_ids: '${var.copy_to}',
    imds_support: 'v2.0',
    metadata_options: { http_endpoint: 'enabled', http_tokens: 'required', http_put_response_hop_limit: 1 },
    deprecate_at: '${timeadd(var.date, var.deprecate_after)}',
    tags,
    snapshot_tags: tags,
    run_tags: tags,
    run_volume_tags: tags,
  }
}
