import { type ImageBuilder, origin } from '../image-facts.ts'
import type { StoredImage } from '../published-images.ts'
import type { ImageCopy, Release } from '../release.ts'
import type { KnownImage } from './known-image.ts'

/** An image of one name as a cloud lists it. */
export interface FoundImage {
  name: string
  copies: readonly ImageCopy[]
  tags: Readonly<Record<string, string>>
  usedBy: readonly string[]
}

/** The images of a store's own builder. */
export function imagesInStore(cluster: string, stored: readonly StoredImage[]): KnownImage[] {
  return stored.filter(({ builder }) => builder === 'qemu').map((image) => inStore(cluster, image))
}

/** The images of a cloud: those it lists, and releases of which it lists none. */
export function imagesInCloud(
  cluster: string,
  builder: ImageBuilder,
  found: readonly FoundImage[],
  stored: readonly StoredImage[],
): KnownImage[] {
  const own = stored.filter((image) => image.builder === builder)
  const releases = own.flatMap(({ release }) => (typeof release === 'string' ? [] : [release]))
  const listed = found.map((image) =>
    inCloud(
      builder,
      image,
      releases.find((release) => isRelease(release, image)),
    ),
  )
  const gone = own.filter(({ release }) => typeof release === 'string' || !found.some((image) => isRelease(release, image)))
  return [...listed, ...gone.map((image) => inStore(cluster, image))]
}

function isRelease({ image }: Release, { copies }: FoundImage): boolean {
  return image.type === 'cloud' && image.copies.some(({ id }) => copies.some((copy) => copy.id === id))
}

function inCloud(builder: ImageBuilder, { name, copies, tags, usedBy }: FoundImage, release: Release | undefined): KnownImage {
  return {
    ...{ builder, name, copies, usedBy },
    cluster: tags['ballast-cluster'],
    role: origin.shape.role.safeParse(tags['ballast-role']).data,
    createdMs: stampMs(tags['ballast-date']),
    state: release === undefined ? 'unreleased' : 'released',
    ...(release?.image.type === 'cloud' ? { testedAs: release.image.testedAs.name } : {}),
  }
}

/** Of a disk, all of the image; of an image in a cloud, what is left of it. */
function inStore(cluster: string, { builder, name, objects, release }: StoredImage): KnownImage {
  const shared = { builder, name, cluster, usedBy: [] }
  if (typeof release === 'string') {
    const createdMs = Math.max(...objects.map(({ modifiedMs }) => modifiedMs))
    const state = release === 'missing' ? 'interrupted' : 'unreadable'
    return { ...shared, createdMs, state, role: undefined, copies: [] }
  }
  const { image, bakedAt } = release
  const known = { ...shared, createdMs: Date.parse(bakedAt), state: 'released' as const, role: release.origin.role }
  if (image.type === 'disk') return { ...known, copies: [{ id: name }] }
  return { ...known, copies: [], testedAs: image.testedAs.name }
}

/** `20261126-220000`, as images are tagged, in milliseconds since the epoch; undefined for anything else. */
function stampMs(stamp: string | undefined): number | undefined {
  const [, date, hour, minute, second] = /^(\d{8})-(\d\d)(\d\d)(\d\d)$/.exec(stamp ?? '') ?? []
  if (date === undefined) return undefined
  const day = date.replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3')
  const ms = Date.parse(`${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(ms) ? undefined : ms
}
