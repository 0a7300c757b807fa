import type { Cluster } from '../../config/index.ts'
import type { RenderFiles, RoleFile } from '../role-file.ts'
import type { ImageRole } from '../roles.ts'
import { commonFiles } from './common.ts'
import { databaseFiles } from './database.ts'
import { dockerFiles } from './docker.ts'
import { firewallFiles } from './firewall.ts'
import { imageEnvFile } from './image-env.ts'
import { packageFiles } from './packages.ts'

/** One line for each concern. */
const CONCERNS: readonly RenderFiles[] = [commonFiles, databaseFiles, dockerFiles, firewallFiles, imageEnvFile, packageFiles]

/** Every file of a role's image that follows from the definition, sorted by path; two of one path are a mistake here. */
export function roleFiles(cluster: Cluster, role: ImageRole): readonly RoleFile[] {
  const files = CONCERNS.flatMap((render) => render(cluster, role))
  const paths = files.map(({ path }) => path)
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) throw new Error(`two concerns render ${twice} for ${role}`)
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}
