import type { Cluster } from '../../../config/index.ts'
import { rolePackages } from '../../../packer/packages.ts'
import { Failure } from '../../platform/failure.ts'
import { run } from '../../platform/process/run.ts'
import { type BaseDisk, type BaseOptions, baseDisk } from '../base/base-disk.ts'
import { type BaseRecipe, debianRecipe } from '../base/base-recipe.ts'
import { machineMirror, mirrorQuery } from '../base/debian-mirror.ts'
import type { ImageRole } from '../image-facts.ts'

/** The disk that a role's image is baked from: the definition's own, or one made of Debian's packages, the role's among them. */
export async function bakeBase(cluster: Cluster, role: ImageRole, options: BaseOptions): Promise<BaseDisk> {
  const { baseImage, checksum } = cluster.images.builders.qemu
  if (baseImage !== undefined) return { path: baseImage, sha256: (checksum ?? '').replace(/^sha256:/, '') }
  return await baseDisk(await baseRecipe(cluster, role), options)
}

/** The recipe of the disk that {@link bakeBase} makes. @throws Failure where no such disk can be made. */
export async function baseRecipe({ images, ...cluster }: Cluster, role: ImageRole): Promise<BaseRecipe> {
  if (images.base !== 'debian-13') {
    throw new Failure(`a base disk is made for debian-13 alone, and the definition says ${images.base}`, {
      ...{ kind: 'config', subject: 'images.base' },
      hint: "Name the distribution's own cloud image in images.builders.qemu.baseImage, with its checksum.",
    })
  }
  const { stdout } = await run({ command: '/usr/bin/apt-get', args: mirrorQuery, env: {}, timeoutMs: 60_000 })
  return debianRecipe(machineMirror(stdout), rolePackages({ images, ...cluster }, role), images.builders.qemu.diskBytes)
}
