import { deregisterImage } from '../../platform/ec2/machine-images.ts'
import { type Failure, toFailure } from '../../platform/failure.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { storedFiles } from '../image-files.ts'
import type { StoredImage } from '../published-images.ts'
import type { KnownImage } from './known-image.ts'
import type { Survey } from './survey.ts'

/** What became of an image that the plan removes; `locked` by the store until a later time. */
export type Removal = { outcome: 'removed' } | { outcome: 'locked'; untilMs: number } | { outcome: 'failed'; failure: Failure }

/**
 * Removes an image from EC2, every copy of it, and from the store. Of a disk the release goes first: what interrupts the rest
 * leaves no published image, and a later run removes it. In EC2 the release goes last, for the same reason.
 */
export async function removeImage(
  store: ObjectStore,
  { builder, name, copies }: KnownImage,
  { stored, amazon }: Survey,
  signal: AbortSignal,
): Promise<Removal> {
  try {
    const own = stored.find((image) => image.builder === builder && image.name === name)
    const untilMs = own && (await lockedUntil(store, own, signal))
    if (untilMs !== undefined) return { outcome: 'locked', untilMs }
    const ids = new Set(copies.map(({ id }) => id))
    const machineImages = amazon.flatMap((image) => image.machineImages).filter(({ id }) => ids.has(id))
    for (const machineImage of machineImages) await deregisterImage(machineImage)
    if (own !== undefined) await deleteStored(store, own, signal)
    return { outcome: 'removed' }
  } catch (error) {
    return { outcome: 'failed', failure: toFailure(error, name) }
  }
}

async function lockedUntil(store: ObjectStore, image: StoredImage, signal: AbortSignal): Promise<number | undefined> {
  const [release] = releaseFirst(image)
  const until = release === undefined ? undefined : (await store.head(release, signal))?.lockedUntilMs
  return until !== undefined && until > Date.now() ? until : undefined
}

async function deleteStored(store: ObjectStore, image: StoredImage, signal: AbortSignal): Promise<void> {
  const [release, ...rest] = releaseFirst(image)
  if (release !== undefined) await store.delete([release], signal)
  await store.delete(rest, signal)
}

function releaseFirst({ objects }: StoredImage): string[] {
  const isRelease = (key: string): boolean => key.endsWith(`/${storedFiles.release}`)
  return objects.map(({ key }) => key).toSorted((a, b) => Number(isRelease(b)) - Number(isRelease(a)))
}
