import type { Cluster } from '../../config/index.ts'
import type { JsonObject } from '../json.ts'
import type { ImageRole } from '../roles.ts'
import type { ImageTags } from '../tags.ts'
import type { Variables } from '../variables.ts'

export type BuilderName = keyof Cluster['images']['builders']

/** What one builder adds to a role's template. */
export interface BuilderParts {
  /** Account details and the like: with a default where the definition has them. */
  variables: Variables
  /** The body of the source block. */
  source: JsonObject
  tags: ImageTags
  /** Whether the builder logs in as root; any other user becomes root by sudo. */
  root: boolean
  /** Where the build leaves the image, when that is a file. */
  output?: string
}

/** One way to make an image: its plugin, pinned, and what it contributes. */
export interface Builder {
  name: BuilderName
  plugin: { name: string; source: string; version: string }
  parts: (cluster: Cluster, role: ImageRole) => BuilderParts
}
