import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { startGuard } from '../platform/guard/guard.ts'
import { unpackDisk } from '../platform/qemu/disk-image.ts'
import { mountDisk } from '../platform/qemu/mounted-disk.ts'

/**
 * Shows the files of an image, read-only, and takes them away again.
 *
 * @param directory takes an unpacked copy of the disk meanwhile.
 */
export async function withMountedImage<T>(
  { qemuImg, disk, directory }: { qemuImg: string; disk: string; directory: string },
  look: (root: string) => Promise<T>,
): Promise<T> {
  const guard = startGuard()
  try {
    const own = await mkdtemp(join(directory, 'mounted-'))
    guard.removeAtEnd(own)
    const raw = join(own, 'disk.raw')
    const at = join(own, 'root')
    await unpackDisk(qemuImg, disk, raw)
    await mkdir(at)
    const { root } = await mountDisk(guard, raw, { at, readonly: true })
    return await look(root)
  } finally {
    await guard.release()
  }
}
