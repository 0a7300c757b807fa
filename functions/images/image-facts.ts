import { z } from 'zod'
import { IMAGE_ROLES } from '../../packer/roles.ts'

/** SHA-256 in lower-case hex. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** The name of an image, and of the directory that holds it. */
export const imageName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,127}$/)

/** A file as its bytes are: the name within the image's directory, the size, the digest. */
export const storedFile = z.strictObject({ file: z.string().regex(/^[\w][\w.-]*$/), bytes: z.int().positive(), sha256 })

/** What every document about an image says of where the image came from. */
export const origin = z.strictObject({
  cluster: z.string().min(1),
  role: z.enum(IMAGE_ROLES),
  builder: z.enum(['qemu', 'amazon-ebs', 'googlecompute', 'azure-arm', 'digitalocean', 'hcloud']),
  /** `definitionHash` of the cluster that it was baked from. */
  definition: sha256,
  /** The commit of the working tree that baked it; `-dirty` where files differed from it. */
  commit: z.string().regex(/^[0-9a-f]{40}(-dirty)?$/),
})

export type StoredFile = z.infer<typeof storedFile>
export type Origin = z.infer<typeof origin>
export type ImageBuilder = Origin['builder']
export type { ImageRole } from '../../packer/roles.ts'
