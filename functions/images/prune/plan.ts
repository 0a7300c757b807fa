import type { KnownImage } from './known-image.ts'

/** What an image store and the clouds keep. */
export interface ImagePolicy {
  /** Whose images may be removed at all. */
  cluster: string
  /** Images kept for each role and builder, beside those in use: so many released ones, and so many that never were. */
  keep: number
  nowMs: number
}

/** What becomes of an image, and why. */
export interface ImageStep {
  image: KnownImage
  remove: boolean
  reason: string
}

/** A publish at work must not be taken for one that was interrupted. */
const interruptedAfterMs = 24 * 3_600_000

/**
 * Which images to remove, newest first within each builder and role. Never removed are: what is not known to be the cluster's,
 * what is in use, what vouches for a cloud image that stays, the newest released image, and the newest `keep` of each kind.
 */
export function planPrune(images: readonly KnownImage[], policy: ImagePolicy): ImageStep[] {
  const [inStore, inClouds] = [images.filter(isInStore), images.filter((image) => !isInStore(image))]
  const cloudSteps = planGroups(inClouds, policy)
  const vouching = Map.groupBy(
    cloudSteps.filter(({ remove, image }) => !remove && image.testedAs !== undefined),
    ({ image }) => image.testedAs,
  )
  const needed = inStore.map((image) => {
    const cloudNames = (vouching.get(image.name) ?? []).map(({ image: { builder, name } }) => `${builder} ${name}`)
    return { ...image, usedBy: [...image.usedBy, ...cloudNames.map((name) => `its tests vouch for ${name}`)] }
  })
  return [...planGroups(needed, policy), ...cloudSteps]
}

function isInStore({ builder }: KnownImage): boolean {
  return builder === 'qemu'
}

function planGroups(images: readonly KnownImage[], policy: ImagePolicy): ImageStep[] {
  const groups = Map.groupBy(images, ({ builder, role }) => `${builder} ${role}`)
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, group]) => planGroup(group, policy))
}

/** Of one builder and role. */
function planGroup(group: readonly KnownImage[], policy: ImagePolicy): ImageStep[] {
  const ranks = { released: 0, unreleased: 0 }
  let newerIsThere = false
  return group.toSorted(newestFirst).map((image) => {
    const { state, copies } = image
    const isGone = copies.length === 0
    const goneReason = gone(newerIsThere)
    if (state === 'released' && !isGone) newerIsThere = true
    const always = keptAlways(image, policy)
    if (always !== undefined) return { image, remove: false, reason: always }
    if (state === 'interrupted') return { image, ...interrupted(image, policy) }
    if (isGone) return { image, ...goneReason }
    const kind = state === 'released' ? 'released' : 'unreleased'
    ranks[kind] += 1
    return { image, ...ranked(ranks[kind], kind, policy.keep) }
  })
}

/** Of equally old ones the later name counts as newer, so that two runs decide alike. */
function newestFirst(a: KnownImage, b: KnownImage): number {
  return (b.createdMs ?? 0) - (a.createdMs ?? 0) || (a.name < b.name ? 1 : -1)
}

function keptAlways({ cluster, role, createdMs, state, usedBy }: KnownImage, policy: ImagePolicy): string | undefined {
  if (cluster === undefined) return 'nothing says whose it is'
  if (cluster !== policy.cluster) return `belongs to the cluster ${cluster}`
  if (state === 'unreadable') return 'its release is none that this version reads'
  if (role === undefined && state !== 'interrupted') return 'nothing says what role it is for'
  if (createdMs === undefined) return 'nothing says when it was made'
  if (createdMs > policy.nowMs) return 'was made in the future: a clock is wrong'
  return usedBy.length === 0 ? undefined : `in use: ${usedBy.join(', ')}`
}

function interrupted({ createdMs = 0 }: KnownImage, { nowMs }: ImagePolicy): Omit<ImageStep, 'image'> {
  const remove = nowMs - createdMs > interruptedAfterMs
  return { remove, reason: remove ? 'an interrupted publish left it' : 'may be being published now' }
}

/** A listing of the wrong account or region has no image at all: then a release is kept, whose image seems to be gone. */
function gone(newerIsThere: boolean): Omit<ImageStep, 'image'> {
  if (newerIsThere) return { remove: true, reason: 'no copy of it is left, only its release' }
  return { remove: false, reason: 'no copy of it was found, and no newer released image either' }
}

function ranked(rank: number, kind: 'released' | 'unreleased', keep: number): Omit<ImageStep, 'image'> {
  const some = `the ${keep} newest ${kind} that nothing uses`
  return rank <= keep ? { remove: false, reason: `among ${some}` } : { remove: true, reason: `older than ${some}` }
}
