import type { Cluster } from '../config/index.ts'
import type { ImageRole } from './roles.ts'

/** A file of an image that follows from the definition; it belongs to root, with mode 0644, or 0755 where executable. */
export interface RoleFile {
  /** Absolute, in the image. */
  path: string
  content: string
  executable?: true
}

/** The files of one concern. Empty for a role that has none of them. */
export type RenderFiles = (cluster: Cluster, role: ImageRole) => readonly RoleFile[]
