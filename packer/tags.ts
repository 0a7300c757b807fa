// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are expressions of HCL.
import { type Cluster, definitionHash } from '../config/index.ts'
import type { ImageRole } from './roles.ts'

/** Hexadecimal digits of the definition's hash in a tag: labels of Google and Hetzner end at 63 characters. */
const HASH_DIGITS = 40

/** The image's version in its name and tags, in characters that every cloud accepts. */
export const STAMP = '${formatdate("YYYYMMDD-hhmmss", var.date)}'

/** What every image says of itself, in the order of its template. */
export type ImageTags = Readonly<Record<string, string>>

/** Tags of an image; `base` is an expression or text that names the exact base image. */
export function imageTags(cluster: Cluster, role: ImageRole, base: string): ImageTags {
  return {
    'ballast-cluster': cluster.name,
    'ballast-role': role,
    'ballast-definition': definitionHash(cluster).slice(0, HASH_DIGITS),
    'ballast-commit': '${var.commit}',
    'ballast-base': base,
    'ballast-date': '${local.stamp}',
  }
}

/** The name that all images of a role share, to which each adds its stamp. */
export function imageFamily({ images, name }: Cluster, role: ImageRole): string {
  return `${images.prefix}-${name}-${role}`
}

export function imageName(cluster: Cluster, role: ImageRole): string {
  return `${imageFamily(cluster, role)}-\${local.stamp}`
}
