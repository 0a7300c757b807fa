import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Cluster, checkCluster, definitionHash } from '../../../../config/index.ts'
import { type PublishedImage, publishImages } from '../../../../functions/images/publish/publish.ts'
import { type BakedCase, bakedImage, commit, imageName, packerManifest } from '../../../support/baked-images.ts'
import { all } from '../../../support/bytes.ts'
import { freshDirectory } from '../../../support/fresh-directory.ts'
import { useFileStore } from '../../../support/stored-sets.ts'
import { changed, sample } from '../../config/sample.ts'

const cluster = checkCluster(changed(sample, {}))
const definition = definitionHash(cluster)
const made = freshDirectory()
const { store, directory } = useFileStore()
const diskFolder = `shop/.ballast/images/qemu/${imageName}`

async function publish(...paths: string[]): Promise<PublishedImage[]> {
  return await publishOf(cluster, ...paths)
}

async function publishOf(own: Cluster, ...paths: string[]): Promise<PublishedImage[]> {
  const signal = new AbortController().signal
  return await publishImages({ cluster: own, store: store(), paths, begin: () => {}, progress: () => {}, signal })
}

async function keys(): Promise<string[]> {
  return (await all(store().list(''))).flatMap(({ objects }) => objects.map(({ key }) => key))
}

const baked = (given?: BakedCase) => bakedImage(made(), definition, given)

describe('an image in a cloud', () => {
  let file: string
  beforeEach(async () => {
    const artifact = 'sa-east-1:ami-0123456789abcdef0,us-east-1:ami-0fedcba9876543210'
    file = await packerManifest(made(), definition, { artifact })
  })
  const cloudFolder = 'shop/.ballast/images/amazon-ebs/ballast-shop-primary-20261126-221500'

  test('is released where a disk of its commit and definition is published', async () => {
    const { directory: image, manifest } = await baked()
    const [disk, cloud] = await publish(file, image)
    expect([disk?.release.origin.builder, cloud?.release.origin.builder]).toEqual(['qemu', 'amazon-ebs'])
    expect(cloud?.release).toMatchObject({
      bakedAt: '2026-11-26T22:15:00Z',
      origin: { cluster: 'shop', role: 'primary', definition, commit },
      image: {
        type: 'cloud',
        copies: [
          { region: 'sa-east-1', id: 'ami-0123456789abcdef0' },
          { region: 'us-east-1', id: 'ami-0fedcba9876543210' },
        ],
        testedAs: { name: imageName, sha256: manifest.image.sha256 },
      },
    })
    expect(await keys()).toContain(`${cloudFolder}/release.json`)
    expect(await readFile(join(directory(), cloudFolder, 'packer-manifest.json'))).toEqual(await readFile(file))
  })

  test.each<[string, BakedCase | undefined]>([
    ['no disk at all', undefined],
    ['a disk of another commit', { origin: { commit: 'd'.repeat(40) } }],
    ['a disk of another role', { origin: { role: 'replica' } }],
  ])('is not released with %s', async (_, disk) => {
    if (disk !== undefined) await publish((await baked(disk)).directory)
    const before = await keys()
    await expect(publish(file)).rejects.toMatchObject({
      code: 'NoTestedDisk',
      message: `the image is not published: there is no published disk of the role primary, the commit ${commit} and a definition that begins with ${definition.slice(0, 40)}`,
    })
    expect(await keys()).toEqual(before)
  })

  test('is not released with a disk of an earlier definition', async () => {
    const earlier = checkCluster(changed(sample, { title: 'Before' }))
    await publishOf(earlier, (await bakedImage(made(), definitionHash(earlier))).directory)
    await expect(publish(file)).rejects.toMatchObject({ code: 'NoTestedDisk' })
  })

  test('is not released where the stored report of that disk no longer speaks for it', async () => {
    const { directory: image } = await baked()
    await publish(image)
    const stored = join(directory(), diskFolder, 'test-report.json')
    await writeFile(stored, (await readFile(stored, 'utf8')).replace('"passed"', '"failed"'))
    await expect(publish(file)).rejects.toMatchObject({ code: 'FailedChecks', subject: imageName })
  })

  test('of another definition is not released', async () => {
    const other = await packerManifest(made(), 'e'.repeat(64), { stamp: '20261126-230000' })
    await expect(publish(other)).rejects.toMatchObject({ code: 'OtherDefinition' })
  })

  test('is not released by a file that is not what Packer wrote', async () => {
    const renamed = join(made(), 'renamed.amazon-ebs.json')
    await writeFile(renamed, await readFile(file))
    await expect(publish(renamed)).rejects.toMatchObject({ code: 'BadPackerManifest', kind: 'permanent' })
    await writeFile(file, '{}')
    await expect(publish(file)).rejects.toMatchObject({ code: 'BadPackerManifest' })
    await writeFile(file, 'AMI: ami-0123456789abcdef0')
    await expect(publish(file)).rejects.toMatchObject({ message: expect.stringContaining('it is not JSON') })
  })
})
