import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkCluster, definitionHash } from '../../../config/index.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { parseStoreUrl } from '../../../functions/platform/object-store/store-url.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { type BakedCase, bakedImage, packerManifest } from '../../support/baked-images.ts'
import { all } from '../../support/bytes.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { copyImage, imagesIn, imageTags, makeImage } from '../../support/machine-images.ts'
import { type Moto, startMoto } from '../../support/moto.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { changed, sample } from '../../unit/config/sample.ts'

const sandbox = useSandbox()
const cli = useCommandLine(() => sandbox.s3.env)
const nameOf = (day: number): string => `ballast-shop-primary-2026110${day}-040000`
let hash = ''

/** Bakes a primary's disk of a day, from the definition of this file. */
async function bake(day: number, more: BakedCase = {}): Promise<string> {
  const given = { name: nameOf(day), bakedAt: `2026-11-0${day}T04:00:00Z`, ...more }
  return (await bakedImage(join(cli.directory(), 'images'), hash, given)).directory
}

/** Writes a definition whose only store is this one. */
async function define(store: Record<string, unknown>, images: Record<string, unknown> = {}): Promise<void> {
  const allowedRegions = ['sa-east-1', 'us-east-1']
  const definition = changed(sample, { 'backup.stores': [store], images: { keep: 1, ...images }, allowedRegions })
  hash = definitionHash(checkCluster(definition))
  await writeFile(join(cli.directory(), 'shop.json'), JSON.stringify(definition))
}

const images = (verb: string): string[] => ['images', verb, '--config', 'shop.json']

describe('a store that is a directory', () => {
  beforeAll(() => define({ type: 'file', name: 'nas', directory: cli.directory() }))
  const folder = () => join(cli.directory(), 'shop/.ballast/images/qemu')

  test('publish stores images that stock tools check', async () => {
    const said = await cli.run([...images('publish'), await bake(1), await bake(2)])
    expect(said).toMatchObject({ code: 0 })
    expect(said.stdout).toMatch(new RegExp(`published +${nameOf(1)} +qemu +3\\.0 MB, SHA-256 [0-9a-f]{64}\n`))
    const env = { PATH: '/usr/bin:/bin' }
    const checked = await run({
      ...{ command: 'sha256sum', args: ['--check', '--strict', 'SHA256SUMS'], env, cwd: join(folder(), nameOf(2)) },
    })
    expect(checked.stdout.split('\n').filter((line) => line.endsWith(': OK'))).toHaveLength(5)
  })

  test('publish says what it had published before', async () => {
    const { code, outcome } = await cli.outcome([...images('publish'), join(cli.directory(), 'images', nameOf(1))])
    expect(code).toBe(0)
    expect(outcome.numbers).toEqual({ publishedImages: 0, alreadyPublishedImages: 1, storedBytes: 0 })
  })

  test('publish refuses an image that failed its tests, and says what failed and what to do', async () => {
    const failed = { suite: 'boot', name: 'first query', status: 'failed', detail: 'none within 90 s' } as const
    const said = await cli.run([...images('publish'), await bake(3, { checks: [failed] })])
    expect(said.code).toBe(3)
    expect(said.stdout).toBe('')
    expect(said.stderr).toContain('its tests did not pass: boot: first query (none within 90 s); seal: any check')
    expect(said.stderr).toContain('Mend what the checks found')
    expect(await readdir(folder())).toEqual([nameOf(1), nameOf(2)])
  })

  test('prune shows the old ones, then removes them', async () => {
    const dry = await cli.run([...images('prune'), '--dry-run'])
    expect(dry.code).toBe(0)
    expect(dry.stdout).toMatch(
      new RegExp(`keep +${nameOf(2)} +qemu +released +among the 1 newest released that nothing uses\n`),
    )
    expect(dry.stdout).toMatch(new RegExp(`would remove +${nameOf(1)} +qemu +released +older than the 1 newest`))
    expect(dry.stdout).toContain('Would remove 1 image and keep 1 in file://')
    expect(await readdir(folder())).toHaveLength(2)

    const { code, outcome } = await cli.outcome(images('prune'))
    expect(code).toBe(0)
    expect(outcome.numbers).toMatchObject({ removedImages: 1, keptImages: 1, failedImages: 0 })
    expect(await readdir(folder())).toEqual([nameOf(2)])
  })

  test('prune refuses a listing that names no cloud, and a name in use that nothing has', async () => {
    expect(await cli.run([...images('prune'), '--listing', 'linode=x.json'])).toMatchObject({ code: 2 })
    const said = await cli.run([...images('prune'), '--in-use', nameOf(9)])
    expect(said).toMatchObject({ code: 2, stderr: expect.stringContaining(`no image has the name or id ${nameOf(9)}`) })
  })

  test('prune prints how to remove what is in another cloud', async () => {
    const listing = [5, 6].map((day) => ({
      ...{ id: day, description: `ballast-shop-primary-2026110${day}-050000` },
      labels: { 'ballast-cluster': 'shop', 'ballast-role': 'primary', 'ballast-date': `2026110${day}-050000` },
    }))
    await writeFile(join(cli.directory(), 'hcloud.json'), JSON.stringify(listing))
    const { code, stdout } = await cli.run([...images('prune'), '--listing', 'hcloud=hcloud.json', '--quiet'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/remove by hand +ballast-shop-primary-20261105-050000 +hcloud +unreleased/)
    expect(stdout).toContain("Remove by hand, with the cloud's own command line:\n  hcloud image delete 5\n")
  })
})

describe('a store in S3', () => {
  const prefix = 'cli-images'
  beforeAll(async () => {
    const { bucket, endpoint } = sandbox.s3
    await define({ type: 's3', name: 'main', bucket, endpoint, prefix, provider: 'versitygw', region: 'us-east-1' })
  })

  test('gets a disk in parts, whole, and its release after everything else', async () => {
    const directory = await bake(4, { diskBytes: 23_000_000 })
    expect(await cli.run([...images('publish'), directory])).toMatchObject({ code: 0 })
    const { env, bucket } = sandbox.s3
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: env.AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: env.AWS_SECRET_ACCESS_KEY })
    const store = openStore(parseStoreUrl(`s3://${bucket}/${prefix}`, env, { provider: 'versitygw' }))
    try {
      const objects = (await all(store.list(''))).flatMap((page) => page.objects)
      expect(objects).toHaveLength(7)
      const key = `shop/.ballast/images/qemu/${nameOf(4)}/${nameOf(4)}.qcow2`
      const stored = Buffer.concat(await all(store.read(key)))
      expect(stored.equals(await readFile(join(directory, `${nameOf(4)}.qcow2`)))).toBe(true)
      const newest = Math.max(...objects.map(({ modifiedMs }) => modifiedMs))
      expect(objects.find((object) => object.key.endsWith('/release.json'))?.modifiedMs).toBe(newest)
    } finally {
      store.close()
    }
    await cli.run([...images('publish'), await bake(5)])
    const { outcome } = await cli.outcome(images('prune'))
    expect(outcome.numbers).toMatchObject({ removedImages: 1, keptImages: 1 })
  })
})

describe('an image in EC2', () => {
  let moto: Moto
  beforeAll(async () => {
    moto = await startMoto()
    const builder = { sourceAmi: 'ami-0123456789abcdef0', copyTo: [{ region: 'us-east-1', kmsKey: 'alias/shop' }] }
    await define({ type: 'file', name: 'nas', directory: cli.directory() }, { builders: { 'amazon-ebs': builder } })
  })
  afterAll(() => moto?.stop())

  test('is released by what its bake left, and removed in every region when it is old', async () => {
    const disk = await bake(6)
    const files: string[] = []
    for (const day of [7, 8]) {
      const [stamp, name] = [`2026110${day}-050000`, `ballast-shop-primary-2026110${day}-050000`]
      const here = await makeImage('sa-east-1', name, imageTags(stamp))
      const there = await copyImage('sa-east-1', here, 'us-east-1', name, imageTags(stamp))
      const artifact = `sa-east-1:${here},us-east-1:${there}`
      files.push(await packerManifest(join(cli.directory(), 'images'), hash, { stamp, artifact }))
    }
    const published = await cli.run([...images('publish'), disk, ...files], moto.env)
    expect(published).toMatchObject({ code: 0, stderr: '' })
    expect(published.stdout).toContain(`tested as ${nameOf(6)}`)

    const unasked = await cli.run([...images('prune'), '--no-amazon', '--dry-run'], moto.env)
    expect(unasked.stdout).toContain('Released images of amazon-ebs were not looked at, and all stay: EC2 was not asked')
    const { code, outcome } = await cli.outcome(images('prune'), moto.env)
    expect(code).toBe(0)
    expect(outcome.details).toMatchObject({
      images: expect.arrayContaining([
        expect.objectContaining({ name: 'ballast-shop-primary-20261107-050000', outcome: 'removed', builder: 'amazon-ebs' }),
        expect.objectContaining({ name: nameOf(6), outcome: 'kept' }),
      ]),
    })
    for (const region of ['sa-east-1', 'us-east-1']) {
      expect(Object.keys((await imagesIn(region)).images)).toEqual(['ballast-shop-primary-20261108-050000'])
    }
  })
})
