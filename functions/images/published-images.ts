import { imagesPrefix } from '../archive/keys.ts'
import { readObject } from '../archive/read-set.ts'
import type { ObjectInfo, ObjectStore } from '../platform/object-store/store.ts'
import { type ImageBuilder, origin } from './image-facts.ts'
import { storedFiles } from './image-files.ts'
import { parseRelease, type Release } from './release.ts'

/** What lies in a store under the name of one image. */
export interface StoredImage {
  builder: ImageBuilder
  name: string
  objects: ObjectInfo[]
  /** `unreadable`: none of this format, or of another image. */
  release: Release | 'missing' | 'unreadable'
}

/** The key of a file of an image. */
export function imageKey({ name, origin: { cluster, builder } }: Pick<Release, 'name' | 'origin'>, file: string): string {
  return `${imagesPrefix(cluster)}${builder}/${name}/${file}`
}

/** Everything that the cluster's images have in a store, published or not, in the order of builders and names. */
export async function storedImages(store: ObjectStore, cluster: string, signal?: AbortSignal): Promise<StoredImage[]> {
  const prefix = imagesPrefix(cluster)
  const objects: ObjectInfo[] = []
  for await (const page of store.list(prefix, signal === undefined ? {} : { signal })) objects.push(...page.objects)
  const folders = Map.groupBy(objects, ({ key }) => key.slice(prefix.length).split('/', 2).join('/'))
  const images: StoredImage[] = []
  for (const [folder, own] of folders) {
    const [builder, name] = folder.split('/')
    const known = origin.shape.builder.safeParse(builder)
    if (!known.success || name === undefined) continue
    const key = `${prefix}${folder}/${storedFiles.release}`
    const hasRelease = own.some((object) => object.key === key)
    const release = hasRelease ? (parseRelease(await readObject(store, key, signal)) ?? 'unreadable') : 'missing'
    images.push({ builder: known.data, name, objects: own, release: isOf(release, folder) ? release : 'unreadable' })
  }
  return images
}

/** A folder that was renamed by hand is not the image that its release names. */
function isOf(release: StoredImage['release'], folder: string): boolean {
  return typeof release === 'string' || `${release.origin.builder}/${release.name}` === folder
}
