import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkCluster, definitionHash } from '../../../config/index.ts'
import { type ImagePruneResult, pruneImages } from '../../../functions/images/prune/prune.ts'
import { publishImages } from '../../../functions/images/publish/publish.ts'
import { imageUses } from '../../../functions/platform/ec2/image-uses.ts'
import { bakedImage, imageName, packerManifest } from '../../support/baked-images.ts'
import { all } from '../../support/bytes.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import {
  copyImage,
  endInstance,
  imagesIn,
  imageTags,
  makeImage,
  makeTemplate,
  startInstance,
  stopInstance,
} from '../../support/machine-images.ts'
import { type Moto, startMoto } from '../../support/moto.ts'
import { useFileStore } from '../../support/stored-sets.ts'
import { changed, sample } from '../../unit/config/sample.ts'

const home = 'sa-east-1'
const abroad = 'us-east-1'
const builder = { sourceAmi: 'ami-0123456789abcdef0', copyTo: [{ region: abroad, kmsKey: 'alias/shop-images' }] }
const cluster = checkCluster(
  changed(sample, { images: { keep: 2, builders: { 'amazon-ebs': builder } }, allowedRegions: [home, abroad] }),
)
const made = freshDirectory()
const { store } = useFileStore()

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto?.stop())

const signal = new AbortController().signal
const nameOf = (day: number): string => `ballast-shop-primary-${stampOf(day)}`
const stampOf = (day: number): string => `202611${String(day).padStart(2, '0')}-040000`

/** A primary's image of a day in November, with a copy abroad. */
async function bake(day: number): Promise<{ here: string; there: string }> {
  const tags = imageTags(stampOf(day))
  const here = await makeImage(home, nameOf(day), tags)
  return { here, there: await copyImage(home, here, abroad, nameOf(day), tags) }
}

async function release(day: number, { here, there }: { here: string; there: string }): Promise<void> {
  const artifact = `${home}:${here},${abroad}:${there}`
  const file = await packerManifest(made(), definitionHash(cluster), { stamp: stampOf(day), artifact })
  await publishImages({ cluster, store: store(), paths: [file], begin: () => {}, progress: () => {}, signal })
}

async function prune(given: { dryRun?: boolean; inUse?: string[] } = {}): Promise<ImagePruneResult> {
  const scope = { cluster, store: store(), amazon: true, listings: new Map(), signal }
  return await pruneImages({ ...scope, inUse: given.inUse ?? [], dryRun: given.dryRun ?? false })
}

/** Image by image: what became of it, and why. */
function told({ images }: ImagePruneResult): string[] {
  return images.map(({ image: { name }, outcome, reason }) => `${outcome} ${name}: ${reason}`)
}

test('old images go from every region with their snapshots and their releases; what is in use stays', async () => {
  const { directory } = await bakedImage(made(), definitionHash(cluster))
  await publishImages({ cluster, store: store(), paths: [directory], begin: () => {}, progress: () => {}, signal })
  const images = []
  for (let day = 1; day <= 7; day += 1) images.push(await bake(day))
  for (const [index, image] of images.entries()) if (index < 6) await release(index + 1, image)
  const [first, second, , , , sixth] = images
  const instance = await startInstance(abroad, first?.there ?? '')
  await makeTemplate(home, 'replicas', [second?.here ?? '', sixth?.here ?? ''])
  await makeImage(home, 'by-hand', {})
  await makeImage(home, 'ballast-ledger-primary-20261101-040000', imageTags(stampOf(1), { 'ballast-cluster': 'ledger' }))

  const kept = 'among the 2 newest released that nothing uses'
  const old = 'older than the 2 newest released that nothing uses'
  const expected = (outcome: string) => [
    `kept ${imageName}: in use: ${[7, 6, 5, 4, 3, 2, 1]
      .filter((day) => [1, 2, 4, 5, 6].includes(day))
      .map((day) => `its tests vouch for amazon-ebs ${nameOf(day)}`)
      .join(', ')}`,
    `kept ${nameOf(7)}: among the 2 newest unreleased that nothing uses`,
    `kept ${nameOf(6)}: in use: launch template replicas version 2 in ${home}`,
    `kept ${nameOf(5)}: ${kept}`,
    `kept ${nameOf(4)}: ${kept}`,
    `${outcome} ${nameOf(3)}: ${old}`,
    `kept ${nameOf(2)}: in use: launch template replicas version 1 in ${home}`,
    `kept ${nameOf(1)}: in use: instance ${instance} in ${abroad}`,
  ]
  const before = { home: await imagesIn(home), abroad: await imagesIn(abroad) }
  expect(told(await prune({ dryRun: true }))).toEqual(expected('planned'))
  expect({ home: await imagesIn(home), abroad: await imagesIn(abroad) }).toEqual(before)

  expect(told(await prune())).toEqual(expected('removed'))
  for (const [region, was] of Object.entries({ [home]: before.home, [abroad]: before.abroad })) {
    const { [nameOf(3)]: gone = [], ...left } = was.images
    expect(gone).toHaveLength(1)
    expect(await imagesIn(region)).toEqual({ images: left, snapshots: was.snapshots.filter((id) => !gone.includes(id)) })
  }
  const keys = (await all(store().list(''))).flatMap(({ objects }) => objects.map(({ key }) => key))
  expect(keys.filter((key) => key.includes(nameOf(3)))).toEqual([])
  expect(keys.filter((key) => key.endsWith('/release.json'))).toHaveLength(6)
  expect(told(await prune()).filter((line) => !line.startsWith('kept'))).toEqual([])
})

test('an image that the operator names stays, by its name or by an id in any region', async () => {
  const { directory } = await bakedImage(made(), definitionHash(cluster))
  await publishImages({ cluster, store: store(), paths: [directory], begin: () => {}, progress: () => {}, signal })
  const [eighth, ninth] = [await bake(8), await bake(9)]
  for (const [index, image] of [eighth, ninth, await bake(10), await bake(11)].entries()) await release(index + 8, image)
  const outcome = async (inUse: string[]) => {
    const { images } = await prune({ dryRun: true, inUse })
    return images.flatMap(({ image, remove }) => (remove ? [image.name] : [])).filter((name) => name >= nameOf(8))
  }
  expect(await outcome([])).toEqual([nameOf(9), nameOf(8)])
  expect(await outcome([eighth.there])).toEqual([nameOf(9)])
  expect(await outcome([nameOf(9), eighth.here])).toEqual([])
  await expect(prune({ inUse: ['ami-00000000000000000'] })).rejects.toMatchObject({ code: 'NoSuchImage', kind: 'config' })
})

test('a stopped machine uses its image, and one that was terminated does not', async () => {
  const image = await makeImage(home, 'for-uses', imageTags(stampOf(20)))
  const instance = await startInstance(home, image)
  const use = { imageId: image, by: `instance ${instance} in ${home}` }
  expect(await imageUses(home)).toContainEqual(use)
  await stopInstance(home, instance)
  expect(await imageUses(home)).toContainEqual(use)
  await endInstance(home, instance)
  expect(await imageUses(home)).not.toContainEqual(use)
})

test('two runs at the same time both end well', async () => {
  const { directory } = await bakedImage(made(), definitionHash(cluster))
  await publishImages({ cluster, store: store(), paths: [directory], begin: () => {}, progress: () => {}, signal })
  for (let day = 12; day <= 16; day += 1) await release(day, await bake(day))
  const runs = await Promise.all([prune(), prune()])
  expect(runs.flatMap(({ images }) => images.filter(({ outcome }) => outcome === 'failed'))).toEqual([])
  expect(Object.keys((await imagesIn(home)).images)).not.toContain(nameOf(12))
  expect((await prune()).images.filter(({ remove }) => remove)).toEqual([])
})

test('EC2 that cannot be asked is a failure, and nothing is removed', async () => {
  const { AWS_ENDPOINT_URL: endpoint = '' } = process.env
  process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:9'
  try {
    await expect(prune()).rejects.toMatchObject({ kind: 'transient', subject: `EC2 in ${home}` })
  } finally {
    process.env.AWS_ENDPOINT_URL = endpoint
  }
})
