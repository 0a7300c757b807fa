import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { type SetAddress, setPrefix } from '../../functions/archive/keys.ts'
import type { Manifest } from '../../functions/archive/manifest.ts'
import { type CopiedSet, copySet } from '../../functions/copies/copy-set.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import { type FaultBench, useFaultBench } from './fault-store.ts'
import { address } from './stored-sets.ts'
import { hashes, storeVerdict, storeWholeSet } from './whole-sets.ts'

/** A set in a directory, and a bucket behind a fault proxy to copy it to. */
export interface CopyBench extends FaultBench {
  readonly of: SetAddress
  readonly prefix: string
  readonly source: ObjectStore
  /** The source's directory; the set's files are at `prefix` in it. */
  readonly directory: string
  readonly manifest: Manifest
  /** Copies the set through the proxy. */
  copy(from?: ObjectStore): Promise<CopiedSet>
  /** Asserts that the bucket holds the set byte by byte, its evidence, and the proof of one comparison or more. */
  expectCopied(): Promise<void>
  /** Asserts that nothing in the bucket passes for a backup. */
  expectNoSet(): Promise<void>
}

export const verifiedAtMs = Date.UTC(2026, 10, 22, 9)

export function useCopyBench(): CopyBench {
  const bench = useFaultBench()
  const of = address('2026-11-22T060000Z-daily')
  let directory = ''
  let manifest: Manifest | undefined
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ballast-copies-'))
    manifest = await storeWholeSet(own.source, of)
    await storeVerdict(own.source, manifest, verifiedAtMs)
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))
  const own: Omit<CopyBench, keyof FaultBench> = {
    of,
    prefix: setPrefix(of),
    get source() {
      return openStore({ type: 'file', directory })
    },
    get directory() {
      return directory
    },
    get manifest() {
      if (manifest === undefined) throw new Error('the set is not stored yet')
      return manifest
    },
    copy: (from: ObjectStore = own.source) => copySet({ source: from, target: bench.store(), address: of }, () => undefined),
    expectCopied: async () => {
      const { objects, pending } = await bench.leftovers()
      const proofs = objects.filter((key) => key.endsWith('-copied.json'))
      expect(proofs.length).toBeGreaterThan(0)
      expect(pending).toEqual([])
      const there = await hashes(bench.truth)
      for (const key of proofs) delete there[key]
      expect(there).toEqual(await hashes(own.source))
    },
    expectNoSet: async () => {
      const { objects } = await bench.leftovers()
      expect(objects.filter((key) => /manifest\.json|-copied\.json/.test(key))).toEqual([])
    },
  }
  return Object.defineProperties(bench, Object.getOwnPropertyDescriptors(own)) as CopyBench
}
