import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGuard } from '../../../functions/platform/guard/guard.ts'
import { unpackDisk } from '../../../functions/platform/qemu/disk-image.ts'
import { mountDisk } from '../../../functions/platform/qemu/mounted-disk.ts'
import { findQemu } from '../../../functions/platform/qemu/programs.ts'
import type { ImageRole } from '../../../packer/roles.ts'
import { imageDirectory } from '../image-directory.ts'

/** A copy of an image's disk, to do with as one likes. */
export interface ImageDisk {
  /** The raw disk. */
  path: string
  /** Shows its files, writable, for as long as the work takes. */
  mounted<T>(work: (root: string) => Promise<T>): Promise<T>
  remove(): Promise<void>
}

/** Unpacks the disk of the role's image under test. */
export async function imageDisk(role: ImageRole): Promise<ImageDisk> {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-disk-'))
  const image = imageDirectory(role)
  const name = (await readdir(image)).find((file) => file.endsWith('.qcow2'))
  const path = join(directory, 'disk.raw')
  await unpackDisk((await findQemu(process.env)).image, join(image, name ?? ''), path)
  return {
    path,
    mounted: async (work) => {
      const guard = startGuard()
      try {
        const at = join(directory, 'root')
        await mkdir(at, { recursive: true })
        const { root } = await mountDisk(guard, path, { at, readonly: false })
        return await work(root)
      } finally {
        await guard.release()
      }
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
