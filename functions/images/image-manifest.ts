import { join } from 'node:path'
import { z } from 'zod'
import { imageName, origin, sha256, storedFile } from './image-facts.ts'
import { imageFiles } from './image-files.ts'
import { type DocumentKind, serializeDocument } from './read-document.ts'
import { installedPackage } from './tree/installed-packages.ts'
import { writeDocument } from './write-document.ts'

/** The format of manifests that this version writes. */
export const manifestFormat = 1

const manifestSchema = z.strictObject({
  format: z.literal(manifestFormat),
  name: imageName,
  image: storedFile,
  origin,
  /** The disk that it was baked from. */
  base: z.strictObject({ distribution: z.enum(['debian-13', 'ubuntu-24.04']), sha256 }),
  bakedAt: z.iso.datetime(),
  tools: z.strictObject({
    ballast: z.string().min(1),
    packer: z.string().min(1),
    qemu: z.string().min(1),
    accelerator: z.enum(['kvm', 'tcg']),
  }),
  /** What the bake did, in order; a step inside another has its name before its own: `configure: set-postgres`. */
  steps: z.array(z.strictObject({ name: z.string(), seconds: z.number().nonnegative() })),
  /** The files in it, all together. */
  tree: z.strictObject({ entries: z.int().positive(), bytes: z.int().positive(), sha256 }),
  /** Every Debian package in it, sorted by name. */
  packages: z.array(installedPackage).min(1),
})

/** What one image is, and what it was made from. */
export type ImageManifest = z.infer<typeof manifestSchema>

/** Beside every disk. */
export const imageManifest: DocumentKind<ImageManifest> = {
  ...{ what: 'manifest', file: imageFiles.manifest, format: manifestFormat, schema: manifestSchema },
  hint: 'Name the directory of one image, as `ballast images bake` leaves it.',
  codes: { missing: 'NoManifest', bad: 'BadManifest' },
}

/** Writes the manifest into the image's directory. */
export async function writeManifest(directory: string, manifest: ImageManifest): Promise<void> {
  await writeDocument(join(directory, imageFiles.manifest), serializeDocument(imageManifest, manifest))
}
