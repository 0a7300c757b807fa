import { z } from 'zod'
import { imageName, origin, sha256, storedFile } from './image-facts.ts'

/** The format of releases that this version writes, and the only one that it reads. */
export const releaseFormat = 1

/** An image where it lies: a cloud's own id and, where an id is of one region, the region. */
const imageCopy = z.strictObject({ id: z.string().min(1), region: z.string().min(1).optional() })

const releaseSchema = z.strictObject({
  format: z.literal(releaseFormat),
  name: imageName,
  origin,
  bakedAt: z.iso.datetime(),
  publishedAt: z.iso.datetime(),
  /** Version of Ballast that published it. */
  ballast: z.string().min(1),
  image: z.discriminatedUnion('type', [
    /** A disk, which lies beside the release. */
    z.strictObject({ type: z.literal('disk'), disk: storedFile }),
    /** An image in a cloud. Its bytes cannot be read: what was tested is a disk of the same definition and commit. */
    z.strictObject({
      type: z.literal('cloud'),
      copies: z.array(imageCopy).min(1),
      testedAs: z.strictObject({ name: imageName, sha256 }),
    }),
  ]),
  /** The documents beside it. */
  files: z.array(storedFile).min(1),
})

/** What makes an image a published one: it is written last, and until it exists there is no such image. */
export type Release = z.infer<typeof releaseSchema>

/** A published disk. */
export type DiskRelease = Release & { image: Extract<Release['image'], { type: 'disk' }> }
export type ImageCopy = z.infer<typeof imageCopy>

/** The bytes of a release; one that breaks the schema is refused by a ZodError. */
export function serializeRelease(release: Release): Uint8Array {
  return Buffer.from(`${JSON.stringify(releaseSchema.parse(release), undefined, 1)}\n`)
}

/** Reads a release; undefined for anything else, a later format among it. */
export function parseRelease(bytes: Uint8Array): Release | undefined {
  try {
    return releaseSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    return undefined
  }
}
