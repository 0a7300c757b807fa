import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkCluster, definitionHash } from '../../../../config/index.ts'
import { type PublishedImage, publishImages } from '../../../../functions/images/publish/publish.ts'
import { parseRelease } from '../../../../functions/images/release.ts'
import { type BakedCase, bakedImage, commit, imageName } from '../../../support/baked-images.ts'
import { all } from '../../../support/bytes.ts'
import { freshDirectory } from '../../../support/fresh-directory.ts'
import { useFileStore } from '../../../support/stored-sets.ts'
import { changed, sample } from '../../config/sample.ts'

const cluster = checkCluster(changed(sample, {}))
const definition = definitionHash(cluster)
const made = freshDirectory()
const { store, directory } = useFileStore()
const folder = `shop/.ballast/images/qemu/${imageName}`

async function publish(...paths: string[]): Promise<PublishedImage[]> {
  const signal = new AbortController().signal
  return await publishImages({ cluster, store: store(), paths, begin: () => {}, progress: () => {}, signal })
}

async function keys(): Promise<string[]> {
  return (await all(store().list(''))).flatMap(({ objects }) => objects.map(({ key }) => key))
}

const baked = (given?: BakedCase) => bakedImage(made(), definition, given)

describe('an image that passed', () => {
  test('is stored with its documents, and its release says so last', async () => {
    const { directory: image, disk, manifest } = await baked()
    const [published] = await publish(image)
    expect(published).toMatchObject({ delivered: 'published', release: { name: imageName, origin: manifest.origin } })
    expect(await keys()).toEqual(
      ['SHA256SUMS', `${imageName}.qcow2`, 'manifest.json', 'provenance.json', 'release.json', 'sbom.cdx.json']
        .concat('test-report.json')
        .map((file) => `${folder}/${file}`),
    )
    expect((await readFile(join(directory(), folder, `${imageName}.qcow2`))).equals(disk)).toBe(true)
    const release = parseRelease(await readFile(join(directory(), folder, 'release.json')))
    expect(release).toEqual(published?.release)
    expect(release?.image).toEqual({ type: 'disk', disk: manifest.image })
    const files = release?.files.map(({ file }) => file)
    expect(files).toEqual(['sbom.cdx.json', 'test-report.json', 'provenance.json', 'SHA256SUMS', 'manifest.json'])
  })

  test('has a statement of where it comes from', async () => {
    const { directory: image, manifest } = await baked()
    await publish(image)
    const statement = JSON.parse(await readFile(join(directory(), folder, 'provenance.json'), 'utf8'))
    expect(statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: `${imageName}.qcow2`, digest: { sha256: manifest.image.sha256 } }],
      predicateType: 'https://slsa.dev/provenance/v1',
    })
    expect(statement.predicate.buildDefinition.resolvedDependencies).toEqual([
      { name: 'project', digest: { gitCommit: commit } },
      { name: 'definition', digest: { sha256: definition } },
      { name: 'base disk', digest: { sha256: 'b'.repeat(64) } },
    ])
  })

  test('is published once: a second time nothing is stored', async () => {
    const { directory: image } = await baked()
    await publish(image)
    const release = await readFile(join(directory(), folder, 'release.json'), 'utf8')
    expect(await publish(image)).toMatchObject([{ delivered: 'already' }])
    expect(await readFile(join(directory(), folder, 'release.json'), 'utf8')).toBe(release)
  })

  test('goes on where a publish was interrupted', async () => {
    const { directory: image } = await baked()
    await publish(image)
    await rm(join(directory(), folder, 'release.json'))
    await rm(join(directory(), folder, 'manifest.json'))
    expect(await publish(image)).toMatchObject([{ delivered: 'published' }])
  })
})

describe('nothing is stored of an image', () => {
  const other = 'e'.repeat(64)
  const failing = { suite: 'seal', name: 'no host keys', status: 'failed', detail: '3 keys' } as const
  const pass = { suite: 'boot', name: 'first query', status: 'passed', detail: '62 s' } as const

  test.each<[string, BakedCase, string, string]>([
    [
      'with a failed check',
      { checks: [failing, pass] },
      'FailedChecks',
      'the image is not published: its tests did not pass: seal: no host keys (3 keys)',
    ],
    [
      'with many failed checks',
      { checks: [failing, pass, failing, failing, failing] },
      'FailedChecks',
      `the image is not published: its tests did not pass: ${Array(3).fill('seal: no host keys (3 keys)').join('; ')} and 1 more`,
    ],
    [
      'that was never booted',
      { checks: [{ ...failing, status: 'passed' }] },
      'FailedChecks',
      'the image is not published: its tests did not pass: boot: any check (this suite did not run)',
    ],
    [
      'whose report is about another definition',
      { testedOrigin: { definition: other } },
      'OtherOrigin',
      `the image is not published: its tests were of definition ${other}, and it was baked from definition ${definition}`,
    ],
    [
      'whose report is about another role',
      { testedOrigin: { role: 'replica' } },
      'OtherOrigin',
      'the image is not published: its tests were of role replica, and it was baked from role primary',
    ],
    [
      'whose report is about another commit',
      { testedOrigin: { commit: 'd'.repeat(40) } },
      'OtherOrigin',
      `the image is not published: its tests were of commit ${'d'.repeat(40)}, and it was baked from commit ${commit}`,
    ],
    [
      'of another definition',
      { origin: { definition: other } },
      'OtherDefinition',
      `the image is not published: it was baked from the definition ${other}, and this one is ${definition}`,
    ],
    [
      'of another cluster',
      { origin: { cluster: 'ledger' } },
      'OtherCluster',
      'the image is not published: it is an image of the cluster ledger, and the definition is of shop',
    ],
    [
      'that no commit has',
      { origin: { commit: `${commit}-dirty` } },
      'Uncommitted',
      `the image is not published: it was baked from files that no commit has (${commit}-dirty)`,
    ],
  ])('%s', async (_, given, code, message) => {
    const { directory: image } = await baked(given)
    await expect(publish(image)).rejects.toMatchObject({ code, message, subject: imageName, kind: 'permanent' })
    expect(await keys()).toEqual([])
  })

  test.each<[string, (image: string) => Promise<void>, string, RegExp]>([
    ['without a report', (image) => rm(join(image, 'test-report.json')), 'NoReport', /^the image has no test report$/],
    [
      'with a report of an older format',
      (image) => edit(join(image, 'test-report.json'), '"format": 1', '"format": 0'),
      'BadReport',
      /it has format 0, and this version reads format 1 alone$/,
    ],
    [
      'with a report about other bytes',
      (image) => edit(join(image, 'test-report.json'), /"sha256": "[0-9a-f]{64}"/, `"sha256": "${other}"`),
      'OtherImage',
      new RegExp(`^the test report is about other bytes: it tested SHA-256 ${other}, and the image has [0-9a-f]{64}$`),
    ],
    [
      'that was changed after its tests',
      async (image) => {
        const disk = await readFile(join(image, `${imageName}.qcow2`))
        disk.writeUInt8(disk.readUInt8(2_000_000) ^ 1, 2_000_000)
        await writeFile(join(image, `${imageName}.qcow2`), disk)
      },
      'Altered',
      /the disk was changed after it was baked: .* has 3000000 bytes and SHA-256 [0-9a-f]{64}, and 3000000 bytes and [0-9a-f]{64} were baked$/,
    ],
    [
      'that is shorter than it was',
      (image) => truncate(join(image, `${imageName}.qcow2`), 2_999_999),
      'Altered',
      /has 2999999 bytes/,
    ],
    ['without its disk', (image) => rm(join(image, `${imageName}.qcow2`)), 'NoDisk', /the disk .* is not in/],
    ['without an SBOM', (image) => rm(join(image, 'sbom.cdx.json')), 'NoSbom', /there is no sbom\.cdx\.json in/],
    ['without a manifest', (image) => rm(join(image, 'manifest.json')), 'NoManifest', /^the image has no manifest$/],
    [
      'whose manifest says more than this version knows',
      (image) => edit(join(image, 'manifest.json'), '{', '{ "more": 1,'),
      'BadManifest',
      /Unrecognized key/,
    ],
  ])('%s', async (_, spoil, code, message) => {
    const { directory: image } = await baked()
    await spoil(image)
    await expect(publish(image)).rejects.toMatchObject({ code, message: expect.stringMatching(message), kind: 'permanent' })
    expect(await keys()).toEqual([])
  })

  test('beside one that may not be published', async () => {
    const { directory: good } = await baked()
    const { directory: bad } = await baked({ name: 'ballast-shop-replica-1', checks: [failing] })
    await expect(publish(good, bad)).rejects.toMatchObject({ code: 'FailedChecks', subject: 'ballast-shop-replica-1' })
    expect(await keys()).toEqual([])
  })

  test('that is not there', async () => {
    await expect(publish(join(made(), 'none'))).rejects.toMatchObject({ code: 'NoImage', kind: 'config' })
  })

  async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
    const text = await readFile(file, 'utf8')
    expect(text.replace(from, to)).not.toBe(text)
    await writeFile(file, text.replace(from, to))
  }
})

describe('a name that is taken', () => {
  test('by another published image stays with that one', async () => {
    const first = await baked()
    await publish(first.directory)
    const { directory: second } = await baked()
    await expect(publish(second)).rejects.toMatchObject({
      code: 'Occupied',
      message: expect.stringMatching(/another image of this name is published there$/),
    })
    expect((await readFile(join(directory(), folder, `${imageName}.qcow2`))).equals(first.disk)).toBe(true)
  })

  test('by what another publish left is found when it is read back, and not released', async () => {
    const { directory: image } = await baked()
    await store().put(`${folder}/${imageName}.qcow2`, Buffer.from('of another image'))
    await expect(publish(image)).rejects.toMatchObject({ code: 'Occupied', message: expect.stringMatching(/should have/) })
    expect(await keys()).not.toContain(`${folder}/release.json`)
  })
})
