import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkCluster, definitionHash } from '../../../config/index.ts'
import { origin } from '../../../functions/images/image-facts.ts'
import { readCloudImage } from '../../../functions/images/publish/cloud-image.ts'
import { BUILDERS } from '../../../packer/builders/all.ts'
import { imageFamily, imageTags } from '../../../packer/tags.ts'
import { commit } from '../../support/baked-images.ts'
import { useFileStore } from '../../support/stored-sets.ts'
import { changed, sample } from '../config/sample.ts'

const cluster = checkCluster(changed(sample, {}))
const { directory } = useFileStore()
const clouds = BUILDERS.map(({ name }) => name).filter((name) => name !== 'qemu')

test('an image may come from every builder that has templates, and from no other', () => {
  expect(origin.shape.builder.options.toSorted()).toEqual(BUILDERS.map(({ name }) => name).toSorted())
})

test.each(clouds)('what the templates of %s tag an image with is what its release is made of', async (builder) => {
  const stamp = '20261126-221500'
  const given: Record<string, string> = { 'var.commit': commit, 'local.stamp': stamp }
  const value = (text: string): string => text.replace(/^\$\{(.*)\}$/, (_, name: string) => given[name] ?? '')
  const tags = Object.entries(imageTags(cluster, 'replica', 'debian-13')).map(([key, text]) => [key, value(text)])
  const file = join(directory(), `${imageFamily(cluster, 'replica')}-${stamp}.${builder}.json`)
  const build = { name: 'replica', builder_type: builder, artifact_id: 'one', custom_data: Object.fromEntries(tags) }
  await writeFile(file, JSON.stringify({ builds: [build] }))
  expect(await readCloudImage(file)).toMatchObject({
    name: `ballast-shop-replica-${stamp}`,
    bakedAt: '2026-11-26T22:15:00Z',
    origin: { cluster: 'shop', role: 'replica', builder, commit, definition: definitionHash(cluster).slice(0, 40) },
  })
})
