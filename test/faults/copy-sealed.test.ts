import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../functions/archive/manifest.ts'
import { type CopiedSet, copySet } from '../../functions/copies/copy-set.ts'
import { AgeIdentity } from '../../functions/platform/encryption/age-identity.ts'
import { unseal } from '../../functions/platform/encryption/unseal.ts'
import { makeAgeKeys } from '../support/age-keys.ts'
import { collect, sha256Hex } from '../support/bytes.ts'
import { useCopyBench, verifiedAtMs } from '../support/copy-bench.ts'
import { failureOf } from '../support/failures.ts'
import { hashes, storeVerdict } from '../support/whole-sets.ts'

const bench = useCopyBench()
const keys = makeAgeKeys()
const identity = AgeIdentity.parse(keys.identity, 'test')
const copy = (): Promise<CopiedSet> =>
  copySet({ source: bench.source, target: bench.store(), address: bench.of, recipients: [keys.recipient] }, () => undefined)
const stored = async (file: string): Promise<Buffer> => collect(bench.truth.read(bench.prefix + file))

describe('a copy to a store with age recipients', () => {
  it('is encrypted, says so, and opens to what the source holds', async () => {
    expect(await copy()).toMatchObject({ sentObjects: 6, comparedObjects: 7, sentEvidence: 1 })
    const manifest = parseManifest(await stored('manifest.json'), bench.of.set)
    expect(manifest.encryption).toEqual({
      type: 'age',
      recipients: [keys.recipient],
      copyOf: sha256Hex(await collect(bench.source.read(`${bench.prefix}manifest.json`))),
    })
    expect(manifest.tables).toEqual(bench.manifest.tables)
    for (const [index, file] of [...manifest.files, ...manifest.units].entries()) {
      const bytes = await stored(file.file)
      expect({ file: file.file.endsWith('.age'), bytes: bytes.length, sha256: sha256Hex(bytes) }).toEqual({
        ...file,
        file: true,
      })
      const plain = await collect(unseal(bench.truth.read(bench.prefix + file.file), identity, file.file))
      expect(sha256Hex(plain)).toBe([...bench.manifest.files, ...bench.manifest.units][index]?.sha256)
    }
    const { objects } = await bench.leftovers()
    expect(objects.filter((key) => /\.(zst|dump|sql)$/.test(key))).toEqual([])
    expect((await stored('restore.sh')).toString()).toContain('AGE_IDENTITY')
  })

  it('is known again, compared without a key, and gets later evidence', async () => {
    await copy()
    await storeVerdict(bench.source, bench.manifest, verifiedAtMs + 60_000)
    expect(await copy()).toMatchObject({ sentObjects: 0, comparedObjects: 7, sentEvidence: 1 })
  })

  it('is copied on as it is, recipients of the next store or not', async () => {
    await copy()
    const next = bench.store({ prefix: 'next' })
    const pair = { source: bench.store(), target: next, address: bench.of, recipients: [makeAgeKeys().recipient] }
    expect(await copySet(pair, () => undefined)).toMatchObject({ sentObjects: 6, sentEvidence: 1 })
    const [here, there] = await Promise.all([hashes(bench.truth), hashes(next)])
    const own = (all: Record<string, string>) => Object.entries(all).filter(([key]) => !key.endsWith('-copied.json'))
    expect(own(there)).toEqual(own(here))
  })

  it('begins again when it was interrupted', async () => {
    bench.proxy.inject({ operation: 'UploadPart', fault: { type: 'refuse', status: 403, code: 'AccessDenied' } })
    expect(await failureOf(copy())).toMatchObject({ code: 'AccessDenied' })
    await bench.expectNoSet()
    bench.proxy.clear()
    expect(await copy()).toMatchObject({ sentObjects: 6, replaced: [] })
  })

  it('that comes back different does not count', async () => {
    bench.proxy.inject({ operation: 'GetObject', key: 'data/000003', fault: { type: 'corrupt answer', at: 99 } })
    expect(await failureOf(copy())).toMatchObject({ code: 'COPY_DIFFERS' })
    await bench.expectNoSet()
  })

  it('that was changed afterwards is found, and says how to make it anew', async () => {
    await copy()
    const bytes = await stored('data/000003.zst.age')
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    await bench.truth.put(`${bench.prefix}data/000003.zst.age`, bytes)
    const failure = await failureOf(copy())
    expect(failure).toMatchObject({ code: 'COPY_DIFFERS', hint: expect.stringContaining('Delete what lies under this prefix') })
  })

  it('does not mix with a plain one, either way', async () => {
    await bench.copy()
    expect(await failureOf(copy())).toMatchObject({ code: 'OCCUPIED' })
    const sealed = bench.store({ prefix: 'sealed' })
    const pair = { source: bench.source, target: sealed, address: bench.of }
    await copySet({ ...pair, recipients: [keys.recipient] }, () => undefined)
    expect(await failureOf(copySet(pair, () => undefined))).toMatchObject({ code: 'OCCUPIED' })
  })

  it.each(['data/000002.zst', 'schema.dump'])('is never made of a damaged %s', async (file) => {
    const bytes = await collect(bench.source.read(bench.prefix + file))
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    await bench.source.put(bench.prefix + file, bytes)
    expect(await failureOf(copy())).toMatchObject({ code: 'DAMAGED', message: expect.stringContaining(file) })
    await bench.expectNoSet()
    expect((await bench.leftovers()).objects).not.toContain(`${bench.prefix}${file}.age`)
  })
})
