import { readObject } from '../../archive/read-set.ts'
import { Failure } from '../../platform/failure.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { imageFiles } from '../image-files.ts'
import { imageKey, type StoredImage, storedImages } from '../published-images.ts'
import type { DiskRelease } from '../release.ts'
import { parseTestReport } from '../test-report.ts'
import type { CloudImage, CloudOrigin } from './cloud-image.ts'
import { refuseFailed } from './refusals.ts'

/**
 * The published disk whose tests speak for an image in a cloud: the newest of its role, definition and commit. Its report is
 * read again, from the store, and must be about the bytes that were published.
 *
 * @throws Failure `permanent` with code `NoTestedDisk` where there is none.
 */
export async function testedDisk(store: ObjectStore, { name, origin }: CloudImage, signal: AbortSignal): Promise<DiskRelease> {
  const stored = await storedImages(store, origin.cluster, signal)
  const twins = stored.flatMap((image) => twinOf(image, origin))
  const newest = twins.toSorted((a, b) => (a.bakedAt < b.bakedAt ? 1 : -1))[0]
  if (newest === undefined) throw noTestedDisk(name, origin)
  const report = await readObject(store, imageKey(newest, imageFiles.testReport), signal)
  refuseFailed(newest.name, parseTestReport(report, newest.name, newest.image.disk.sha256))
  return newest
}

function twinOf({ release }: StoredImage, { role, definition, commit }: CloudOrigin): DiskRelease[] {
  if (typeof release === 'string') return []
  const { origin, image } = release
  const isSame = origin.role === role && origin.commit === commit && origin.definition.startsWith(definition)
  return image.type === 'disk' && isSame ? [{ ...release, image }] : []
}

function noTestedDisk(name: string, { role, definition, commit }: CloudOrigin): Failure {
  const what = `of the role ${role}, the commit ${commit} and a definition that begins with ${definition}`
  return new Failure(`the image is not published: there is no published disk ${what}`, {
    ...{ kind: 'permanent', subject: name, code: 'NoTestedDisk' },
    hint: 'An image in a cloud is not booted here: a disk of the same commit and definition is tested in its place. Bake, test and publish one first.',
  })
}
