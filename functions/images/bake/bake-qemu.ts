import { startGuard } from '../../platform/guard/guard.ts'
import { buildDisk } from './build-disk.ts'
import { type BakedImage, finishImage } from './finish-image.ts'
import { type BakeOptions, openWorkshop } from './workshop.ts'

/**
 * Bakes a role's image into a disk file: base disk, Packer, compression, seal checks, manifest. The image's directory appears
 * in `out` only when all of it went well; nothing else stays, however this process ends.
 */
export async function bakeQemu(options: BakeOptions): Promise<BakedImage> {
  const guard = startGuard()
  try {
    const shop = await openWorkshop(guard, options)
    return await finishImage(shop, await buildDisk(shop))
  } finally {
    await guard.release()
  }
}
