import { readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkCluster, definitionHash } from '../../../../config/index.ts'
import { type ListedBuilder, type ListedImage, parseListing } from '../../../../functions/images/prune/cloud-listing.ts'
import { type ImagePruneResult, pruneImages } from '../../../../functions/images/prune/prune.ts'
import { publishImages } from '../../../../functions/images/publish/publish.ts'
import { bakedImage, packerManifest } from '../../../support/baked-images.ts'
import { all } from '../../../support/bytes.ts'
import { freshDirectory } from '../../../support/fresh-directory.ts'
import { useFileStore } from '../../../support/stored-sets.ts'
import { changed, sample } from '../../config/sample.ts'

const cluster = checkCluster(changed(sample, { images: { keep: 2 } }))
const definition = definitionHash(cluster)
const made = freshDirectory()
const { store, directory } = useFileStore()
const signal = new AbortController().signal

async function publish(path: string): Promise<void> {
  await publishImages({ cluster, store: store(), paths: [path], begin: () => {}, progress: () => {}, signal })
}

const nameOf = (day: number): string => `ballast-shop-primary-2026110${day}-040000`

/** Publishes a primary's disk of each day. */
async function publishDisks(...days: number[]): Promise<void> {
  for (const day of days) {
    const image = await bakedImage(made(), definition, { name: nameOf(day), bakedAt: `2026-11-0${day}T04:00:00Z` })
    await publish(image.directory)
  }
}

interface Given {
  dryRun?: boolean
  inUse?: string[]
  listings?: ReadonlyMap<ListedBuilder, readonly ListedImage[]>
}

async function prune({ dryRun = false, inUse = [], listings = new Map() }: Given = {}): Promise<ImagePruneResult> {
  return await pruneImages({ cluster, store: store(), amazon: true, listings, inUse, dryRun, signal })
}

async function keys(): Promise<string[]> {
  return (await all(store().list(''))).flatMap(({ objects }) => objects.map(({ key }) => key))
}

/** Image by image: what became of it. */
const told = ({ images }: ImagePruneResult): string[] => images.map(({ image: { name }, outcome }) => `${outcome} ${name}`)

describe('disks in the store', () => {
  test('the oldest goes with all its files, after a dry run that touches nothing', async () => {
    await publishDisks(1, 2, 3)
    const before = await keys()
    expect(told(await prune({ dryRun: true }))).toEqual([`kept ${nameOf(3)}`, `kept ${nameOf(2)}`, `planned ${nameOf(1)}`])
    expect(await keys()).toEqual(before)
    expect(told(await prune())).toEqual([`kept ${nameOf(3)}`, `kept ${nameOf(2)}`, `removed ${nameOf(1)}`])
    expect(await keys()).toEqual(before.filter((key) => !key.includes(nameOf(1))))
    expect(before.length - (await keys()).length).toBe(7)
  })

  test('one that is named as in use stays beside the others', async () => {
    await publishDisks(1, 2, 3, 4)
    expect(told(await prune({ inUse: [nameOf(1)] }))).toEqual([
      ...[`kept ${nameOf(4)}`, `kept ${nameOf(3)}`, `removed ${nameOf(2)}`, `kept ${nameOf(1)}`],
    ])
  })

  test('a name in use that nothing has is refused before anything is removed', async () => {
    await publishDisks(1, 2, 3)
    await expect(prune({ inUse: [`${nameOf(1)}.qcow2`] })).rejects.toMatchObject({ code: 'NoSuchImage' })
    expect(await keys()).toHaveLength(21)
  })

  test('what an interrupted publish left goes after a day', async () => {
    await publishDisks(1)
    const folder = join(directory(), 'shop/.ballast/images/qemu', nameOf(1))
    await rm(join(folder, 'release.json'))
    expect(told(await prune())).toEqual([`kept ${nameOf(1)}`])
    const yesterday = new Date(Date.now() - 25 * 3_600_000)
    for (const file of [
      'SHA256SUMS',
      `${nameOf(1)}.qcow2`,
      'manifest.json',
      'provenance.json',
      'sbom.cdx.json',
      'test-report.json',
    ]) {
      await utimes(join(folder, file), yesterday, yesterday)
    }
    expect(told(await prune())).toEqual([`removed ${nameOf(1)}`])
    expect(await keys()).toEqual([])
  })

  test('a release that this version cannot read is kept, and takes no place', async () => {
    await publishDisks(1, 2, 3)
    const file = join(directory(), 'shop/.ballast/images/qemu', nameOf(1), 'release.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('"format": 1', '"format": 2'))
    expect((await prune()).images.filter(({ outcome }) => outcome !== 'kept')).toEqual([])
  })

  test('a folder that was renamed by hand is no image that this version knows', async () => {
    await publishDisks(1, 2, 3)
    const folder = join(directory(), 'shop/.ballast/images/qemu')
    await rename(join(folder, nameOf(1)), join(folder, 'put-aside'))
    expect((await prune()).images).toContainEqual(
      expect.objectContaining({ outcome: 'kept', image: expect.objectContaining({ name: 'put-aside', state: 'unreadable' }) }),
    )
  })

  test("another cluster's images, and what else is in the store, are not looked at", async () => {
    await publishDisks(1, 2, 3)
    await store().put('ledger/.ballast/images/qemu/old/release.json', Buffer.from('{}'))
    await store().put('shop/.ballast/leases/x.json', Buffer.from('{}'))
    expect(told(await prune())).toHaveLength(3)
    expect(await keys()).toContain('ledger/.ballast/images/qemu/old/release.json')
    expect(await keys()).toContain('shop/.ballast/leases/x.json')
  })
})

describe('a cloud with a command line of its own', () => {
  const stampOf = (day: number): string => `2026110${day}-050000`
  const cloudName = (day: number): string => `ballast-shop-primary-${stampOf(day)}`

  /** A snapshot of each day as hcloud lists it; its id is the day. */
  function listing(...days: number[]): ReadonlyMap<ListedBuilder, readonly ListedImage[]> {
    const printed = days.map((day) => ({
      ...{ id: day, type: 'snapshot', description: cloudName(day) },
      labels: { 'ballast-cluster': 'shop', 'ballast-role': 'primary', 'ballast-date': stampOf(day) },
    }))
    return new Map([['hcloud', parseListing('hcloud', JSON.stringify(printed), 'file')]])
  }

  async function release(...days: number[]): Promise<void> {
    for (const day of days) {
      await publish(await packerManifest(made(), definition, { builder: 'hcloud', stamp: stampOf(day), artifact: `${day}` }))
    }
  }

  test('is told how to remove each, and the release goes when the image has gone', async () => {
    await publishDisks(1)
    await release(2, 3, 4)
    const { images } = await prune({ listings: listing(2, 3, 4) })
    expect(images.filter(({ remove }) => remove)).toMatchObject([
      { image: { name: cloudName(2), state: 'released' }, outcome: 'manual', command: 'hcloud image delete 2' },
    ])
    expect((await keys()).filter((key) => key.includes(cloudName(2)))).toHaveLength(2)
    expect(told(await prune({ listings: listing(3, 4) }))).toContain(`removed ${cloudName(2)}`)
    expect((await keys()).filter((key) => key.includes(cloudName(2)))).toEqual([])
  })

  test('keeps everything where no listing is given, and every disk that vouches for something there', async () => {
    await publishDisks(1)
    await release(2, 3, 4)
    await publishDisks(5, 6, 7)
    const result = await prune()
    expect(result.unseen).toEqual(['hcloud'])
    expect(told(result)).toContain(`kept ${nameOf(1)}`)
    expect((await keys()).filter((key) => key.includes('/hcloud/'))).toHaveLength(6)
  })

  test('keeps its releases where the listing is of another account', async () => {
    await publishDisks(1)
    await release(2, 3, 4)
    expect((await prune({ listings: listing() })).images.filter(({ remove }) => remove)).toEqual([])
  })

  test('of two images with one name each is removed by its own id', async () => {
    const twice = { description: cloudName(2), labels: { 'ballast-cluster': 'shop', 'ballast-role': 'primary' } }
    const printed = [1, 2, 3, 4].map((day) => ({
      ...{ ...twice, id: day },
      labels: { ...twice.labels, 'ballast-date': stampOf(day) },
    }))
    const listings = new Map([['hcloud', parseListing('hcloud', JSON.stringify(printed), 'file')]] as const)
    const { images } = await prune({ listings })
    const commands = images.flatMap((image) => (image.outcome === 'manual' ? [image.command] : []))
    expect(commands).toEqual(['hcloud image delete 2', 'hcloud image delete 1'])
    expect(images.map(({ image }) => image.state)).toEqual(Array(4).fill('unreleased'))
  })
})
