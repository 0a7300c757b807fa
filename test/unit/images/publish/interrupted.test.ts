import { expect, test } from 'vitest'
import { checkCluster, definitionHash } from '../../../../config/index.ts'
import { publishImages } from '../../../../functions/images/publish/publish.ts'
import { Failure } from '../../../../functions/platform/failure.ts'
import type { ObjectStore } from '../../../../functions/platform/object-store/store.ts'
import { bakedImage, imageName } from '../../../support/baked-images.ts'
import { all } from '../../../support/bytes.ts'
import { freshDirectory } from '../../../support/fresh-directory.ts'
import { useFileStore } from '../../../support/stored-sets.ts'
import { changed, sample } from '../../config/sample.ts'

const cluster = checkCluster(changed(sample, {}))
const made = freshDirectory()
const { store } = useFileStore()
const released = `shop/.ballast/images/qemu/${imageName}/release.json`

/** The store, which breaks off at the given one of the requests that store or read an object. */
function breakingAt(request: number): ObjectStore {
  let count = 0
  const names = ['put', 'upload', 'read']
  return new Proxy(store(), {
    get: (target, name, own) => {
      const member = Reflect.get(target, name, own)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        count += names.includes(String(name)) ? 1 : 0
        if (count === request) throw new Failure('the network is gone', { kind: 'transient', subject: 'store', hint: '' })
        return member.apply(target, args)
      }
    },
  })
}

async function publish(into: ObjectStore, directory: string): Promise<unknown> {
  const signal = new AbortController().signal
  return await publishImages({ cluster, store: into, paths: [directory], begin: () => {}, progress: () => {}, signal })
}

test('wherever a publish breaks off, there is no release, and the next one ends it', async () => {
  const { directory } = await bakedImage(made(), definitionHash(cluster))
  const keys = async () => (await all(store().list(''))).flatMap(({ objects }) => objects.map(({ key }) => key))
  // Six files are stored and read back; the release comes last.
  for (let request = 1; request <= 13; request += 1) {
    await expect(publish(breakingAt(request), directory)).rejects.toThrow('the network is gone')
    expect(await keys()).not.toContain(released)
  }
  expect(await publish(breakingAt(14), directory)).toMatchObject([{ delivered: 'published' }])
  expect(await keys()).toContain(released)
})
