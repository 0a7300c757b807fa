/** What a machine is in the cluster. One golden image serves all nodes of a role. */
export type ImageRole = 'docker' | 'primary' | 'replica'

/** Every role, in the order in which images are rendered and baked. */
export const IMAGE_ROLES: readonly ImageRole[] = ['docker', 'primary', 'replica']

/** Whether PostgreSQL and PgBouncer are in the role's image. */
export function isDatabase(role: ImageRole): boolean {
  return role !== 'docker'
}
