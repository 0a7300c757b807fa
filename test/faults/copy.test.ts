import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serializeManifest } from '../../functions/archive/manifest.ts'
import { type CopiedSet, copySet } from '../../functions/copies/copy-set.ts'
import { collect, patternBytes } from '../support/bytes.ts'
import { useCopyBench, verifiedAtMs } from '../support/copy-bench.ts'
import { failureOf } from '../support/failures.ts'
import type { Fault, FaultRule } from '../support/s3-fault.ts'
import { storeVerdict } from '../support/whole-sets.ts'

const bench = useCopyBench()
const always = Number.POSITIVE_INFINITY
const large = 'data/000002.zst'
const refuse = (status: number, code: string): Fault => ({ type: 'refuse', status, code })

/** Keys, within the set, of the objects that were stored through the proxy, in order. */
const stored = (): string[] =>
  bench.proxy.requests
    .filter(({ operation }) => operation === 'PutObject' || operation === 'CompleteMultipartUpload')
    .map(({ key }) => key.slice(key.indexOf(bench.prefix) + bench.prefix.length))

/** Flips one bit of a file of the source. */
async function flip(file: string, at: number): Promise<void> {
  const path = join(bench.directory, bench.prefix, file)
  const bytes = await readFile(path)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  await writeFile(path, bytes)
}

describe('a copy', () => {
  it('is the source byte by byte, in the order in which a set comes to exist, with its proof last', async () => {
    const copied = await bench.copy()
    expect(copied).toMatchObject({ sentObjects: 6, comparedObjects: 7, replaced: [], sentEvidence: 1 })
    await bench.expectCopied()
    expect(stored().slice(0, 8)).toEqual([
      ...['schema.dump', 'globals.sql', 'data/000001.zst', large, 'data/000003.zst', 'restore.sh'],
      ...['manifest.json', 'evidence/20261122T090000Z-equal.json'],
    ])
    expect(stored().slice(8)).toEqual([expect.stringMatching(/^evidence\/\d{8}T\d{6}Z-copied\.json$/)])
  })

  it.each<[string, FaultRule]>([
    ['an error when an object is stored', { operation: 'PutObject', fault: refuse(500, 'InternalError') }],
    ['a request to slow down', { operation: 'UploadPart', fault: refuse(503, 'SlowDown'), times: 2 }],
    ['a reset within a part', { operation: 'UploadPart', fault: { type: 'reset in body', bytes: 70_000 } }],
    ['a lost answer to the last step', { operation: 'CompleteMultipartUpload', fault: { type: 'reset', when: 'after work' } }],
    [
      'a body that breaks off while it is read back',
      { operation: 'GetObject', key: large, fault: { type: 'truncate', bytes: 99_000 }, times: 3 },
    ],
    [
      'a byte that flips on its way to the store',
      { operation: 'PutObject', key: 'data/', fault: { type: 'corrupt request', at: 99 } },
    ],
    [
      'a lost answer to the manifest',
      { operation: 'PutObject', key: 'manifest', fault: { type: 'reset', when: 'after work' } },
    ],
  ])('gets over %s', async (_, rule) => {
    bench.proxy.inject(rule)
    await bench.copy()
    await bench.expectCopied()
  })

  it('gets over a source that breaks off', async () => {
    await bench.copy()
    bench.proxy.inject({ operation: 'GetObject', key: large, fault: { type: 'truncate', bytes: 1_000_000 }, times: 4 })
    const back = bench.store({ prefix: 'elsewhere' })
    await copySet({ source: bench.store(), target: back, address: bench.of }, () => undefined)
    expect((await collect(back.read(`${bench.prefix}${large}`))).equals(patternBytes(20_000_000, 4))).toBe(true)
  })

  it.each<[string, FaultRule, { kind: string; code: string }]>([
    [
      'denies an object',
      { operation: 'PutObject', key: 'data/000003', fault: refuse(403, 'AccessDenied') },
      { kind: 'permanent', code: 'AccessDenied' },
    ],
    [
      'is full',
      { operation: 'UploadPart', fault: refuse(507, 'XMinioStorageFull') },
      { kind: 'permanent', code: 'InsufficientStorage' },
    ],
    [
      'answers with errors only',
      { operation: 'UploadPart', fault: refuse(500, 'InternalError'), times: always },
      { kind: 'transient', code: 'InternalError' },
    ],
    [
      'resets every connection midway',
      { operation: 'UploadPart', fault: { type: 'reset in body', bytes: 9 }, after: 1, times: always },
      { kind: 'transient', code: 'ECONNRESET' },
    ],
    [
      'denies the manifest',
      { operation: 'PutObject', key: 'manifest', fault: refuse(403, 'AccessDenied') },
      { kind: 'permanent', code: 'AccessDenied' },
    ],
    [
      'may not be read',
      { operation: 'GetObject', key: 'data/', fault: refuse(403, 'AccessDenied') },
      { kind: 'permanent', code: 'AccessDenied' },
    ],
    [
      'lets the credentials expire',
      { operation: 'PutObject', key: 'restore.sh', fault: refuse(400, 'ExpiredToken') },
      { kind: 'permanent', code: 'ExpiredToken' },
    ],
    [
      'returns another byte than it was sent',
      { operation: 'GetObject', key: 'data/000003', fault: { type: 'corrupt answer', at: 12 } },
      { kind: 'permanent', code: 'COPY_DIFFERS' },
    ],
    [
      'returns less than it was sent',
      { operation: 'GetObject', key: 'globals', fault: refuse(404, 'NoSuchKey') },
      { kind: 'permanent', code: 'COPY_DIFFERS' },
    ],
  ])('to a store that %s fails, and counts for nothing until it is taken up again', async (_, rule, expected) => {
    bench.proxy.inject(rule)
    expect(await failureOf(bench.copy())).toMatchObject(expected)
    await bench.expectNoSet()
    bench.proxy.clear()
    await bench.copy()
    await bench.expectCopied()
  })

  it('that was cut midway goes on, and sends nothing twice', async () => {
    bench.proxy.inject({ operation: 'UploadPart', fault: refuse(403, 'AccessDenied'), after: 1 })
    await failureOf(bench.copy())
    expect(stored()).toEqual(['schema.dump', 'globals.sql', 'data/000001.zst'])
    bench.proxy.clear()
    expect(await bench.copy()).toMatchObject({ sentObjects: 3, replaced: [] })
    expect(stored().slice(0, 4)).toEqual([large, 'data/000003.zst', 'restore.sh', 'manifest.json'])
    await bench.expectCopied()
  })

  it('that is there is read back again, and nothing is sent', async () => {
    await bench.copy()
    bench.proxy.clear()
    expect(await bench.copy()).toMatchObject({ sentObjects: 0, comparedObjects: 7, sentEvidence: 0 })
    expect(bench.proxy.count('GetObject')).toBeGreaterThan(6)
    expect(stored().filter((file) => !file.endsWith('-copied.json') && file !== 'manifest.json')).toEqual([])
  })

  it('gets the evidence of a verification that came after it', async () => {
    await bench.copy()
    await storeVerdict(bench.source, bench.manifest, verifiedAtMs + 60_000, { verdict: 'different' })
    expect(await bench.copy()).toMatchObject({ sentEvidence: 1 })
    await bench.expectCopied()
  })
})

describe('a target that is changed', () => {
  const key = (file: string) => bench.prefix + file

  it('between sending and reading back fails, and does not count', async () => {
    const run = async () => void (await bench.truth.put(key('data/000003.zst'), Buffer.alloc(5_000)))
    bench.proxy.inject({ operation: 'GetObject', key: 'data/000003', fault: { type: 'meanwhile', run } })
    const failure = await failureOf(bench.copy())
    expect(failure).toMatchObject({
      kind: 'permanent',
      code: 'COPY_DIFFERS',
      subject: expect.stringContaining('data/000003.zst'),
    })
    expect(failure.message).toContain('s3://')
    expect(failure.hint).toContain('ballast copy')
    await bench.expectNoSet()
    expect(await bench.copy()).toMatchObject({ replaced: ['data/000003.zst'] })
    await bench.expectCopied()
  })

  it.each([
    ['of the same size', 5_000],
    ['that is shorter', 4_000],
    ['that is empty', 0],
  ])('before, by an object %s, is put right', async (_, size) => {
    await bench.copy()
    await bench.truth.put(key('data/000003.zst'), Buffer.alloc(size))
    expect(await bench.copy()).toMatchObject({ sentObjects: 1 })
    await bench.expectCopied()
  })

  it('by a manifest of its own is left as it is', async () => {
    const { summary, ...rest } = bench.manifest
    const other = serializeManifest({ ...rest, summary: { ...summary, rows: 7 } })
    await bench.truth.put(key('manifest.json'), other)
    expect(await failureOf(bench.copy())).toMatchObject({ kind: 'permanent', code: 'OCCUPIED' })
    expect(await bench.leftovers()).toEqual({ objects: [key('manifest.json')], pending: [] })
  })

  it('by rows that the set does not have is refused: no restore would take it', async () => {
    await bench.truth.put(key('data/000009.zst'), Buffer.alloc(10))
    const failure = await failureOf(bench.copy())
    expect(failure).toMatchObject({ kind: 'permanent', code: 'OCCUPIED' })
    expect(failure.message).toContain('data/000009.zst')
  })
})

describe('a source', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['with a flipped bit in its rows', large, () => flip(large, 19_000_000)],
    ['with a flipped bit in its schema', 'schema.dump', () => flip('schema.dump', 5)],
    ['that is cut off', 'data/000001.zst', () => truncate(join(bench.directory, bench.prefix, 'data/000001.zst'), 7)],
    ['that is too long', 'globals.sql', () => appendFile(join(bench.directory, bench.prefix, 'globals.sql'), 'x')],
    ['that lacks an object', large, () => rm(join(bench.directory, bench.prefix, large))],
    ['with another script', 'restore.sh', () => appendFile(join(bench.directory, bench.prefix, 'restore.sh'), 'rm -rf /\n')],
    ['without its script', 'restore.sh', () => rm(join(bench.directory, bench.prefix, 'restore.sh'))],
    [
      "with another set's evidence",
      'evidence/20261122T100000Z-equal.json',
      () => storeVerdict(bench.source, bench.manifest, Date.UTC(2026, 10, 22, 10), { manifestSha256: 'b'.repeat(64) }),
    ],
  ])('%s never becomes a copy', async (_, file, damage) => {
    await damage()
    const failure = await failureOf(bench.copy())
    expect(failure).toMatchObject({ kind: 'permanent', code: 'DAMAGED' })
    expect(failure.message).toContain(file)
    expect(failure.message).toContain(bench.source.location)
    const { objects, pending } = await bench.leftovers()
    expect(objects).not.toContain(bench.prefix + file)
    expect(objects.filter((key) => key.endsWith('-copied.json'))).toEqual([])
    expect(pending).toEqual([])
  })

  it('with a damaged manifest is refused before anything is sent', async () => {
    await flip('manifest.json', 700)
    expect(await failureOf(bench.copy())).toMatchObject({ kind: 'permanent', code: 'DAMAGED' })
    expect(await bench.leftovers()).toEqual({ objects: [], pending: [] })
  })
})

it('progress counts every byte once for sending and once for reading back', async () => {
  const seen = new Map<string, number>()
  const copied: CopiedSet = await copySet({ source: bench.source, target: bench.store(), address: bench.of }, (progress) => {
    expect(progress.doneBytes).toBeLessThanOrEqual(progress.totalBytes)
    seen.set(progress.phase, progress.doneBytes)
  })
  expect(seen.get('sending')).toBe(copied.sentBytes)
  expect(seen.get('reading back')).toBe(copied.sentBytes)
})
