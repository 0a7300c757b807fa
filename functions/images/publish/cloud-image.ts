import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { Failure } from '../../platform/failure.ts'
import { imageName, origin } from '../image-facts.ts'
import type { ImageCopy } from '../release.ts'

/** An image that a cloud keeps, as the Packer that baked it says. */
export interface CloudImage {
  name: string
  /** Its definition is the start of a hash: clouds cut what a tag may hold. */
  origin: CloudOrigin
  bakedAt: string
  copies: ImageCopy[]
  /** What Packer wrote. */
  manifest: Uint8Array
}

const definitionStart = z.string().regex(/^[0-9a-f]{40}$/)
const cloudOrigin = z.strictObject({
  ...origin.shape,
  builder: origin.shape.builder.exclude(['qemu']),
  definition: definitionStart,
})
const tags = z
  .looseObject({
    'ballast-cluster': origin.shape.cluster,
    'ballast-role': origin.shape.role,
    'ballast-definition': definitionStart,
    'ballast-commit': origin.shape.commit,
    'ballast-date': z.string().regex(/^\d{8}-\d{6}$/),
  })
  .transform((all) => ({
    cluster: all['ballast-cluster'],
    role: all['ballast-role'],
    definition: all['ballast-definition'],
    commit: all['ballast-commit'],
    stamp: all['ballast-date'],
  }))

const packerManifest = z.object({
  builds: z
    .array(
      z.object({
        builder_type: cloudOrigin.shape.builder,
        artifact_id: z.string().min(1),
        custom_data: tags,
      }),
    )
    .min(1),
})

export type CloudOrigin = z.infer<typeof cloudOrigin>

/**
 * Reads what Packer wrote of an image in a cloud, from a file that is named `<image>.<builder>.json`.
 *
 * @throws Failure `permanent` with code `BadPackerManifest`.
 */
export async function readCloudImage(file: string): Promise<CloudImage> {
  const manifest = await readFile(file)
  const parsed = packerManifest.safeParse(parseJson(manifest, file))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw bad(file, `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'invalid'}`, parsed.error)
  }
  const build = parsed.data.builds.at(-1)
  if (build === undefined) throw bad(file, 'it names no build', undefined)
  const { stamp, ...tagged } = build.custom_data
  const name = imageName.safeParse(basename(file, `.${build.builder_type}.json`))
  if (!name.success || !name.data.endsWith(`-${stamp}`)) {
    throw bad(file, `its name is not that of the image of ${stamp}`, name.error)
  }
  return {
    name: name.data,
    origin: { ...tagged, builder: build.builder_type },
    bakedAt: instant(stamp),
    copies: copiesOf(build.builder_type, build.artifact_id),
    manifest,
  }
}

/** Ids as Packer's builders write them: `sa-east-1:ami-1,us-east-1:ami-2`, `nyc3:123`, or an id alone. */
export function copiesOf(builder: CloudOrigin['builder'], artifact: string): ImageCopy[] {
  if (builder === 'amazon-ebs') {
    return artifact.split(',').map((copy) => {
      const [region = '', id = ''] = copy.split(':')
      return { id, region }
    })
  }
  return [{ id: builder === 'digitalocean' ? artifact.slice(artifact.indexOf(':') + 1) : artifact }]
}

/** `20261126-220000` as `2026-11-26T22:00:00Z`. */
function instant(stamp: string): string {
  return stamp.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z')
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (cause) {
    throw bad(file, 'it is not JSON', cause)
  }
}

function bad(file: string, why: string, cause: unknown): Failure {
  return new Failure(`this is not what Packer wrote of a baked image: ${why}`, {
    ...{ kind: 'permanent', subject: file, code: 'BadPackerManifest', cause },
    hint: 'Name the file that `ballast images bake --builder ...` left, under the name that it has.',
  })
}
