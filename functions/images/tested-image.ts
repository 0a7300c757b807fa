import { join } from 'node:path'
import { type Cluster, definitionHash } from '../../config/index.ts'
import { Failure } from '../platform/failure.ts'
import { fileSha256 } from './file-sha256.ts'
import type { ImageRole, StoredFile } from './image-facts.ts'
import { type ImageManifest, imageManifest } from './image-manifest.ts'
import { parseDocument, readDocument } from './read-document.ts'

/** A disk that is there, as its manifest says, and that was made from this definition. */
export interface TestedImage {
  directory: string
  role: ImageRole
  manifest: ImageManifest
  /** Path of the disk. */
  disk: string
  /** The very bytes that are tested. */
  file: StoredFile
}

/**
 * Reads a baked image before it is tested.
 *
 * @throws Failure `permanent` where the disk is not the one of its manifest, `config` where it is of another definition.
 */
export async function readTestedImage(directory: string, cluster: Cluster): Promise<TestedImage> {
  const bytes = await readDocument(imageManifest, directory, directory)
  const manifest = parseDocument(imageManifest, bytes, directory)
  const { name, image, origin } = manifest
  if (origin.definition !== definitionHash(cluster)) {
    throw new Failure('the image was made from another definition, so that its tests would ask for the wrong things', {
      ...{ kind: 'config', subject: name, hint: 'Give the definition that it was baked from with --config, or bake it again.' },
    })
  }
  const disk = join(directory, image.file)
  if ((await fileSha256(disk)) !== image.sha256) {
    throw new Failure(`the disk ${image.file} is not the one that was baked: its SHA-256 is another than in the manifest`, {
      ...{ kind: 'permanent', subject: name, code: 'OtherImage', hint: 'Bake the image again.' },
    })
  }
  return { directory, role: origin.role, manifest, disk, file: image }
}
