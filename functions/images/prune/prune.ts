import { throwIfAborted } from '../../platform/abort.ts'
import { Failure } from '../../platform/failure.ts'
import { isListed, type ListedImage } from './cloud-listing.ts'
import type { KnownImage } from './known-image.ts'
import { type ImageStep, planPrune } from './plan.ts'
import { type Removal, removeImage } from './remove-image.ts'
import { type Scope, type Survey, survey } from './survey.ts'

export interface ImagePruning extends Scope {
  /** Ids and names that the operator says are in use. */
  inUse: readonly string[]
  /** Only say what would be done. */
  dryRun: boolean
}

/** What became of an image: `manual` is for the operator to remove, by the command. */
export type PrunedImage = ImageStep &
  ({ outcome: 'kept' } | { outcome: 'planned' } | { outcome: 'manual'; command: string } | Removal)

export interface ImagePruneResult {
  images: PrunedImage[]
  /** See {@link Survey}. */
  unseen: Survey['unseen']
}

/**
 * Removes the images that nobody needs, from the store and from EC2, and says how to remove those of other clouds. All is
 * looked at and planned before the first is removed.
 *
 * @throws Failure of kind `config` where something is said to be in use that is nowhere.
 */
export async function pruneImages({ inUse, dryRun, ...scope }: ImagePruning): Promise<ImagePruneResult> {
  const { cluster, store, listings, signal } = scope
  const found = await survey(scope)
  const images = markInUse(found.images, inUse)
  const steps = planPrune(images, { cluster: cluster.name, keep: cluster.images.keep, nowMs: Date.now() })
  const pruned: PrunedImage[] = []
  for (const step of steps) {
    throwIfAborted(signal, store.location)
    const { builder, copies } = step.image
    if (!step.remove) pruned.push({ ...step, outcome: 'kept' })
    else if (isListed(builder) && copies.length > 0) {
      pruned.push({ ...step, outcome: 'manual', command: commandFor(step.image, listings.get(builder) ?? []) })
    } else if (dryRun) pruned.push({ ...step, outcome: 'planned' })
    else pruned.push({ ...step, ...(await removeImage(store, step.image, found, signal)) })
  }
  return { images: pruned, unseen: found.unseen }
}

/** By the id: some clouds let several images have one name. */
function commandFor({ copies: [copy] }: KnownImage, listing: readonly ListedImage[]): string {
  return listing.find(({ copies: [listed] }) => listed?.id === copy?.id)?.command ?? ''
}

/** A name that nothing has is a mistake in writing, and what was meant would be removed. */
function markInUse(images: readonly KnownImage[], inUse: readonly string[]): KnownImage[] {
  const nameOf = (image: KnownImage): string[] => [image.name, ...image.copies.map(({ id }) => id)]
  const known = new Set(images.flatMap(nameOf))
  const stranger = inUse.find((name) => !known.has(name))
  if (stranger !== undefined) {
    throw new Failure(`no image has the name or id ${stranger}, which is said to be in use`, {
      ...{ kind: 'config', subject: '--in-use', code: 'NoSuchImage' },
      hint: '`ballast images prune --dry-run` shows every image; nothing was removed.',
    })
  }
  return images.map((image) => {
    const named = nameOf(image).some((name) => inUse.includes(name))
    return named ? { ...image, usedBy: [...image.usedBy, 'named by --in-use'] } : image
  })
}
