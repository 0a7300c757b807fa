// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are expressions of HCL.
import type { Cluster } from '../../config/index.ts'
import type { JsonObject } from '../json.ts'
import { bakeTag } from '../security-groups/bake-tag.ts'
import { type ImageTags, imageName, imageTags } from '../tags.ts'
import { secretFromEnvironment, text, type Variables } from '../variables.ts'
import type { Builder } from './builder.ts'
import { tokenVariable } from './token-variable.ts'

/** A droplet. Packer makes no firewall here: the one of security-groups/digitalocean/bake.json finds it by its tag. */
export const digitalocean: Builder = {
  name: 'digitalocean',
  plugin: { name: 'digitalocean', source: 'github.com/digitalocean/digitalocean', version: '1.4.1' },
  parts: (cluster, role) => {
    const tags = imageTags(cluster, role, '${var.image}')
    return { variables: variables(cluster), source: source(cluster, imageName(cluster, role), tags), tags, root: true }
  },
}

function variables({ images: { builders } }: Cluster): Variables {
  const digital = builders.digitalocean
  return {
    token: secretFromEnvironment('Token of the account.', tokenVariable(digital?.token, 'DIGITALOCEAN_TOKEN')),
    region: text('Where the image is baked and kept.', digital?.region),
    size: text('Droplet that bakes.', digital?.size),
    image: text('The base image.', digital?.image),
  }
}

/** Tags have no values here, so each is its name, a colon and its value. */
function flat(tags: ImageTags): string[] {
  return Object.entries(tags).map(([name, value]) => `${name}:${value}`)
}

function source(cluster: Cluster, name: string, tags: ImageTags): JsonObject {
  return {
    api_token: '${var.token}',
    region: '${var.region}',
    size: '${var.size}',
    image: '${var.image}',
    tags: [bakeTag(cluster)],
    communicator: 'ssh',
    ssh_username: 'root',
    ssh_timeout: '15m',
    temporary_key_pair_type: 'ed25519',
    snapshot_name: name,
    snapshot_tags: flat(tags),
  }
}
