import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { imageFiles } from '../../../functions/images/image-files.ts'
import { readImages } from '../../../handover/report/facts/read-images.ts'
import { readStored } from '../../../handover/report/facts/read-stored.ts'
import { bakedImage } from '../../support/baked-images.ts'
import { sampleCluster } from '../../support/definitions.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import { handoverDefinition } from '../../support/handover-records.ts'
import { address, storeSet, useFileStore } from '../../support/stored-sets.ts'

describe('images', () => {
  const parent = freshDirectory()
  const baked = (changed: Parameters<typeof bakedImage>[2] = {}) =>
    bakedImage(parent(), handoverDefinition, { diskBytes: 10, ...changed })
  const bill = {
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6' },
    components: [
      { name: 'postgresql-17', licenses: [{ license: { id: 'PostgreSQL' } }] },
      { name: 'libc6', licenses: [{ license: { id: 'LGPL-2.1' } }, { license: { id: 'PostgreSQL' } }] },
      { name: 'strange' },
    ],
  }

  test('say what they were made from, what is in them, and what their tests found', async () => {
    const { directory, manifest } = await baked()
    await writeFile(join(directory, imageFiles.sbom), JSON.stringify(bill))
    const failing = await baked({
      name: 'a-failing-one',
      checks: [{ suite: 'seal', name: 'no host keys', status: 'failed', detail: 'one' }],
    })
    await rm(join(failing.directory, imageFiles.sbom))
    const [first, second] = await readImages([directory, failing.directory])
    expect(first).toMatchObject({
      ...{ name: 'a-failing-one', passed: 0 },
      failed: [
        { suite: 'seal', name: 'no host keys', detail: 'one' },
        { suite: 'boot', name: 'any check', detail: 'this suite did not run' },
      ],
    })
    expect(first).not.toHaveProperty('sbom')
    expect(second).toEqual({
      ...{ name: manifest.name, image: manifest.image, origin: manifest.origin, base: manifest.base, tools: manifest.tools },
      ...{ bakedAt: '2026-11-26T22:00:00Z', packages: 1, passed: 2, failed: [], testedAt: '2026-11-26T22:10:00Z' },
      sbom: { format: 'CycloneDX 1.6', components: 3, licences: 2, withoutLicence: 1 },
    })
  })

  test('that were never tested say so by having no tests', async () => {
    const { directory } = await baked({ name: 'untested' })
    await writeFile(join(directory, imageFiles.sbom), JSON.stringify(bill))
    await rm(join(directory, imageFiles.testReport))
    const [image] = await readImages([directory])
    expect(image).not.toHaveProperty('failed')
  })

  test.each([
    ['no manifest', imageFiles.manifest, undefined, 'NoManifest'],
    ['a manifest that is none', imageFiles.manifest, '{}', 'BadManifest'],
    ['a report that is none', imageFiles.testReport, '{}', 'BadReport'],
    ['a bill of materials that is none', imageFiles.sbom, '{"bomFormat":"SPDX"}', 'BadSbom'],
  ])('with %s are refused', async (_, file, content, code) => {
    const { directory } = await baked({ name: 'spoilt' })
    await writeFile(join(directory, imageFiles.sbom), JSON.stringify(bill))
    if (content === undefined) await rm(join(directory, file))
    else await writeFile(join(directory, file), content)
    await expect(readImages([directory])).rejects.toMatchObject({ kind: 'permanent', subject: 'spoilt', code })
  })

  test('whose tests were of other bytes are refused', async () => {
    const { directory, manifest } = await baked({ name: 'baked-again' })
    const other = { ...manifest, image: { ...manifest.image, sha256: 'f'.repeat(64) } }
    await writeFile(join(directory, imageFiles.manifest), JSON.stringify(other))
    await expect(readImages([directory])).rejects.toMatchObject({ code: 'OtherImage' })
  })
})

describe('the first store', () => {
  const files = useFileStore()
  const ask = async () => {
    const cluster = sampleCluster({ 'backup.stores': [{ type: 'file', name: 'main', directory: files.directory() }] })
    return await readStored(cluster, {}, new AbortController().signal)
  }

  test('says of each database its newest backup, and its newest proof, which may be of an older one', async () => {
    const [{ name: database } = { name: '' }] = sampleCluster().databases
    const store = files.store()
    const of = (set: string) => address(set, { cluster: sampleCluster().name, database })
    await storeSet(store, of('2026-11-22T060000Z-daily'), {
      evidence: ['20261122T080000Z-different.json', '20261123T080000Z-equal.json'],
    })
    await storeSet(store, of('2026-11-23T060000Z-daily'), { evidence: ['20261123T070000Z-different.json'] })
    await storeSet(store, of('2026-11-24T060000Z-daily'))
    store.close()
    const [proof, ...others] = await ask()
    expect(proof).toMatchObject({
      ...{ database, newest: { set: '2026-11-24T060000Z-daily', startedAt: '2026-11-24T06:00:00.000Z', storedBytes: 120 } },
      proof: { set: '2026-11-22T060000Z-daily', at: '2026-11-23T08:00:00.000Z', verdict: 'equal' },
    })
    for (const other of others) expect(Object.keys(other)).toEqual(['database'])
  })

  test('that cannot be listed is an error, and no store without backups', async () => {
    await rm(files.directory(), { recursive: true })
    await expect(ask()).rejects.toMatchObject({ kind: 'permanent' })
  })
})
