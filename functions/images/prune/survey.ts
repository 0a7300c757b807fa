import type { Cluster } from '../../../config/cluster.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import type { ImageBuilder } from '../image-facts.ts'
import { type StoredImage, storedImages } from '../published-images.ts'
import { type AmazonImage, amazonImages, amazonRegions } from './amazon-images.ts'
import type { ListedBuilder, ListedImage } from './cloud-listing.ts'
import { imagesInCloud, imagesInStore } from './found-image.ts'
import type { KnownImage } from './known-image.ts'

/** Where to look for images. */
export interface Scope {
  cluster: Cluster
  store: ObjectStore
  /** Whether EC2 is asked; it is left alone where no region of it is known. */
  amazon: boolean
  listings: ReadonlyMap<ListedBuilder, readonly ListedImage[]>
  signal: AbortSignal
}

/** Every image that was found, and what removing one takes. */
export interface Survey {
  images: KnownImage[]
  stored: readonly StoredImage[]
  amazon: readonly AmazonImage[]
  /** Clouds that have released images, and were not looked at. */
  unseen: ImageBuilder[]
}

/** Looks into the store and the clouds. Whatever is not looked at counts as in use, and so does what vouches for it. */
export async function survey({ cluster, store, amazon, listings, signal }: Scope): Promise<Survey> {
  const stored = await storedImages(store, cluster.name, signal)
  const regions = amazon ? amazonRegions(cluster, stored) : []
  const inAmazon = await amazonImages(cluster.name, regions, signal)
  const found = new Map<ImageBuilder, readonly (AmazonImage | ListedImage)[]>(listings)
  if (regions.length > 0) found.set('amazon-ebs', inAmazon)
  const clouds = [...found].flatMap(([builder, images]) => imagesInCloud(cluster.name, builder, images, stored))
  const others = stored.filter(({ builder }) => builder !== 'qemu' && !found.has(builder))
  const disks = imagesInStore(cluster.name, stored).map((disk) => ({ ...disk, usedBy: vouchesFor(disk.name, others) }))
  return {
    images: [...disks, ...clouds],
    stored,
    amazon: inAmazon,
    unseen: [...new Set(others.map(({ builder }) => builder))],
  }
}

function vouchesFor(disk: string, images: readonly StoredImage[]): string[] {
  return images.flatMap(({ builder, name, release }) => {
    if (typeof release === 'string' || release.image.type !== 'cloud' || release.image.testedAs.name !== disk) return []
    return [`its tests vouch for ${builder} ${name}`]
  })
}
