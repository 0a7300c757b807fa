import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Cluster } from '../../../config/index.ts'
import { roleFiles } from '../../../packer/files/role-files.ts'
import { renderTemplates } from '../../../packer/render.ts'
import type { ImageBuilder, ImageRole } from '../image-facts.ts'
import type { Packer } from './find-packer.ts'

/** Writes the template of one role and builder, and the role's files, below a directory; returns the template's own. */
export async function writeTemplate(
  directory: string,
  { cluster, role, builder, source }: { cluster: Cluster; role: ImageRole; builder: ImageBuilder; source: string },
  { generation }: Packer,
): Promise<string> {
  const files = renderTemplates(cluster, source, generation === 'builtin' ? 'legacy' : 'current')
  const own = files.filter(({ path }) => path.startsWith(`${role}/${builder}/`))
  for (const { path, text } of own) await write(join(directory, path), text, 0o644)
  await writeRoleFiles(join(directory, role, 'root'), cluster, role)
  return join(directory, role, builder)
}

/** Writes the files of a role below a directory, as they lie below / in its image. */
export async function writeRoleFiles(directory: string, cluster: Cluster, role: ImageRole): Promise<void> {
  for (const { path, content, executable } of roleFiles(cluster, role)) {
    await write(join(directory, path), content, executable ? 0o755 : 0o644)
  }
}

async function write(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text, { mode })
}
