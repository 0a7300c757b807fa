// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are expressions of HCL.
import type { Cluster } from '../../config/index.ts'
import type { JsonObject } from '../json.ts'
import { bakeTag } from '../security-groups/bake-tag.ts'
import { imageName, imageTags } from '../tags.ts'
import { secretFromEnvironment, text, type Variables } from '../variables.ts'
import type { Builder } from './builder.ts'
import { tokenVariable } from './token-variable.ts'

/** A server behind the firewall of security-groups/hetzner/bake.json, without which it is not made. */
export const hcloud: Builder = {
  name: 'hcloud',
  plugin: { name: 'hcloud', source: 'github.com/hetznercloud/hcloud', version: '1.7.2' },
  parts: (cluster, role) => {
    const tags = imageTags(cluster, role, '${var.image}')
    return { variables: variables(cluster), source: source(cluster, imageName(cluster, role), tags), tags, root: true }
  },
}

function variables({ images: { builders } }: Cluster): Variables {
  const hetzner = builders.hcloud
  return {
    token: secretFromEnvironment('Token of the project.', tokenVariable(hetzner?.token, 'HCLOUD_TOKEN')),
    location: text('Where the image is baked.', hetzner?.location),
    server_type: text('Server that bakes.', hetzner?.serverType),
    image: text('The base image.', hetzner?.image),
  }
}

function source(cluster: Cluster, name: string, tags: JsonObject): JsonObject {
  return {
    token: '${var.token}',
    location: '${var.location}',
    server_type: '${var.server_type}',
    image: '${var.image}',
    firewalls: [bakeTag(cluster)],
    communicator: 'ssh',
    ssh_username: 'root',
    ssh_timeout: '15m',
    temporary_key_pair_type: 'ed25519',
    snapshot_name: name,
    snapshot_labels: tags,
  }
}
