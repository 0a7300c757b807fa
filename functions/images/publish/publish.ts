import { stat } from 'node:fs/promises'
import type { Cluster } from '../../../config/cluster.ts'
import { definitionHash } from '../../../config/index.ts'
import { ballastVersion } from '../../archive/version.ts'
import { Failure } from '../../platform/failure.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import type { StoredFile } from '../image-facts.ts'
import { storedFiles } from '../image-files.ts'
import { type DiskRelease, type Release, releaseFormat } from '../release.ts'
import { type CloudImage, readCloudImage } from './cloud-image.ts'
import { type DiskImage, type OutgoingFile, outgoing, readDiskImage } from './disk-image.ts'
import { type Definition, refuseOtherDefinition, refuseUncommitted } from './refusals.ts'
import { type Delivered, type Delivery, storeImage } from './store-image.ts'
import { testedDisk } from './tested-disk.ts'

/** What was asked for, and how its course is told. */
export interface PublishOptions {
  cluster: Cluster
  store: ObjectStore
  /** Directories of disks, and Packer's own files of images in clouds. */
  paths: readonly string[]
  /** An image is about to be stored, with so many bytes. */
  begin(name: string, bytes: number): void
  progress: Delivery['progress']
  signal: AbortSignal
}

/** An image that is published now. */
export interface PublishedImage {
  release: Release
  delivered: Delivered
  /** Of all its files. */
  bytes: number
}

/**
 * Publishes images that passed their tests. Every one is read and checked before the first is stored. Disks come first: an
 * image in a cloud needs a published one that vouches for it.
 *
 * @throws Failure for the first that may not be published.
 */
export async function publishImages(options: PublishOptions): Promise<PublishedImage[]> {
  const { cluster, paths, signal } = options
  const definition: Definition = { cluster: cluster.name, hash: definitionHash(cluster) }
  const disks: DiskImage[] = []
  const cloudImages: CloudImage[] = []
  for (const path of paths) {
    if (await isDirectory(path)) disks.push(await readDiskImage(path, definition))
    else cloudImages.push(await readCloud(path, definition))
  }
  const published: PublishedImage[] = []
  for (const disk of disks) published.push(await publishOne(options, diskRelease(disk), [disk.disk, ...disk.documents]))
  for (const image of cloudImages) {
    const vouching = await testedDisk(options.store, image, signal)
    const file = outgoing(storedFiles.packerManifest, image.manifest)
    published.push(await publishOne(options, cloudRelease(image, vouching, file), [file]))
  }
  return published
}

async function publishOne(
  { store, begin, progress, signal }: PublishOptions,
  release: Release,
  files: readonly OutgoingFile[],
): Promise<PublishedImage> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  begin(release.name, bytes)
  return { release, bytes, delivered: await storeImage({ store, release, files, progress, signal }) }
}

async function readCloud(path: string, definition: Definition): Promise<CloudImage> {
  const image = await readCloudImage(path)
  refuseOtherDefinition(image.name, image.origin, definition)
  refuseUncommitted(image.name, image.origin.commit)
  return image
}

function diskRelease({ manifest, disk, documents }: DiskImage): Release {
  const { name, origin, bakedAt } = manifest
  return { ...base(name, bakedAt), origin, image: { type: 'disk', disk: fact(disk) }, files: documents.map(fact) }
}

function cloudRelease({ name, origin, bakedAt, copies }: CloudImage, vouching: DiskRelease, file: OutgoingFile): Release {
  const testedAs = { name: vouching.name, sha256: vouching.image.disk.sha256 }
  const whole = { ...origin, definition: vouching.origin.definition }
  return { ...base(name, bakedAt), origin: whole, image: { type: 'cloud', copies, testedAs }, files: [fact(file)] }
}

function base(name: string, bakedAt: string): Pick<Release, 'format' | 'name' | 'bakedAt' | 'publishedAt' | 'ballast'> {
  return { format: releaseFormat, name, bakedAt, publishedAt: new Date().toISOString(), ballast: ballastVersion }
}

function fact({ file, bytes, sha256 }: OutgoingFile): StoredFile {
  return { file, bytes, sha256 }
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new Failure('there is no image here', {
      ...{ kind: 'config', subject: path, code: 'NoImage', cause },
      hint: 'Name the directory, or for a cloud the file, that `ballast images bake` left.',
    })
  })
  return found.isDirectory()
}
