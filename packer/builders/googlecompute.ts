// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are expressions of HCL.
import type { Cluster } from '../../config/index.ts'
import type { JsonObject } from '../json.ts'
import { bakeTag } from '../security-groups/bake-tag.ts'
import { imageFamily, imageName, imageTags } from '../tags.ts'
import { text, type Variables } from '../variables.ts'
import type { Builder } from './builder.ts'

/**
 * An instance without a service account. Packer makes no firewall rule here: the network that is given decides, and the
 * default network would let everybody in, so there is no default.
 */
export const googlecompute: Builder = {
  name: 'googlecompute',
  plugin: { name: 'googlecompute', source: 'github.com/hashicorp/googlecompute', version: '1.2.7' },
  parts: (cluster, role) => {
    const tags = imageTags(cluster, role, '${var.source_image}')
    const family = imageFamily(cluster, role)
    const source = { ...machine(cluster), ...image(imageName(cluster, role), family, tags) }
    return { variables: variables(cluster), source, tags, root: false }
  },
}

function variables({ images: { builders, base } }: Cluster): Variables {
  const google = builders.googlecompute
  return {
    project: text('Project that bakes and keeps the image.', google?.project),
    zone: text('Where it is baked.', google?.zone),
    source_image: text('The exact base image, with its date.', google?.sourceImage),
    source_project: text('Project of the base image.', base === 'debian-13' ? 'debian-cloud' : 'ubuntu-os-cloud'),
    machine_type: text('Machine that bakes.', google?.machineType),
    network: text("Network whose rules let only the admins' networks reach SSH of the machine that bakes."),
    subnetwork: text('Its subnetwork; the one of the region where it is empty.', ''),
  }
}

function machine(cluster: Cluster): JsonObject {
  return {
    project_id: '${var.project}',
    zone: '${var.zone}',
    source_image: '${var.source_image}',
    source_image_project_id: ['${var.source_project}'],
    machine_type: '${var.machine_type}',
    network: '${var.network}',
    subnetwork: '${var.subnetwork}',
    tags: [bakeTag(cluster)],
    disable_default_service_account: true,
    enable_secure_boot: true,
    enable_vtpm: true,
    enable_integrity_monitoring: true,
    metadata: { 'block-project-ssh-keys': 'true' },
    communicator: 'ssh',
    ssh_username: 'packer',
    ssh_timeout: '15m',
    temporary_key_pair_type: 'ed25519',
  }
}

function image(name: string, family: string, tags: JsonObject): JsonObject {
  return { image_name: name, image_family: family, image_labels: tags, labels: tags }
}
