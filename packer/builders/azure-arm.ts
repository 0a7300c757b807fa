// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are expressions of HCL.
import type { Cluster } from '../../config/index.ts'
import type { JsonObject } from '../json.ts'
import { imageName, imageTags } from '../tags.ts'
import { text, type Variables } from '../variables.ts'
import { bakeNetworks } from './bake-networks.ts'
import type { Builder } from './builder.ts'

/**
 * A machine in a resource group of its own, whose network security group lets SSH in from `bake_networks` alone. A rule of
 * Azure takes networks of one family: the machine's address is an IPv4 one.
 */
export const azureArm: Builder = {
  name: 'azure-arm',
  plugin: { name: 'azure', source: 'github.com/hashicorp/azure', version: '2.6.3' },
  parts: (cluster, role) => {
    const base = '${var.image_publisher}:${var.image_offer}:${var.image_sku}:${var.image_version}'
    const tags = imageTags(cluster, role, base)
    return { variables: variables(cluster), source: source(imageName(cluster, role), tags), tags, root: false }
  },
}

function variables({ images: { builders }, firewall }: Cluster): Variables {
  const azure = builders['azure-arm']
  return {
    subscription: text('Subscription that pays.', azure?.subscription),
    resource_group: text('Resource group that keeps the image.', azure?.resourceGroup),
    location: text('Where it is baked.', azure?.location),
    vm_size: text('Machine that bakes.', azure?.vmSize),
    image_publisher: text('Publisher of the base image.', azure?.image.publisher),
    image_offer: text('Offer of the base image.', azure?.image.offer),
    image_sku: text('Edition of the base image.', azure?.image.sku),
    image_version: text('Exact version of the base image.', azure?.image.version),
    bake_networks: bakeNetworks(firewall.admin.filter(({ family }) => family === 'ipv4')),
  }
}

function source(name: string, tags: JsonObject): JsonObject {
  return {
    use_azure_cli_auth: true,
    subscription_id: '${var.subscription}',
    location: '${var.location}',
    vm_size: '${var.vm_size}',
    os_type: 'Linux',
    image_publisher: '${var.image_publisher}',
    image_offer: '${var.image_offer}',
    image_sku: '${var.image_sku}',
    image_version: '${var.image_version}',
    allowed_inbound_ip_addresses: '${var.bake_networks}',
    communicator: 'ssh',
    ssh_username: 'packer',
    ssh_timeout: '15m',
    managed_image_name: name,
    managed_image_resource_group_name: '${var.resource_group}',
    azure_tags: tags,
  }
}
