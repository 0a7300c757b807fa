import { describe, expect, test } from 'vitest'
import { listSets } from '../../../functions/archive/catalogue.ts'
import { serializeEvidence } from '../../../functions/archive/evidence.ts'
import { evidenceFile, setPrefix } from '../../../functions/archive/keys.ts'
import { serializeManifest } from '../../../functions/archive/manifest.ts'
import type { StoreChoice } from '../../../functions/runtime/definition/defined-store.ts'
import { lateDigests } from '../../../functions/runtime/late-digests.ts'
import { sampleEvidence } from '../../support/evidence.ts'
import { sampleManifest, sampleTable } from '../../support/manifests.ts'
import { address, storeSet, useFileStore } from '../../support/stored-sets.ts'

const files = useFileStore()
const dayMs = 86_400_000
const day = (number: number): number => Date.UTC(2026, 10, number, 5)
const of = address('2026-11-05T030000Z-daily')
const tables = ['a', 'b', 'c', 'd'].map((name) => sampleTable({ name }))
const share = { tables: 1, ofTables: 4, percent: 25 }
const sampledFile = evidenceFile(day(5) + 60_000, { verdict: 'sampled', digests: share })

/** Asked at that moment of November. */
async function late(nowMs: number, choice?: StoreChoice) {
  const sets = await listSets(files.store(), {})
  const within = { seconds: 7 * 86_400, runSeconds: 3600 }
  const store = choice ?? { settings: { type: 'file' as const, directory: files.directory() } }
  return await lateDigests(store, sets, { within, nowMs, env: {}, signal: new AbortController().signal })
}

async function storeSampled(): Promise<void> {
  const { summary, ...rest } = sampleManifest()
  await storeSet(files.store(), of, {
    manifest: serializeManifest({ ...rest, summary: { ...summary, ...of, storedBytes: 120 }, tables }),
  })
  const ages = [
    { since: new Date(day(5)).toISOString(), compared: true, tables: '0' },
    { since: new Date(day(4)).toISOString(), compared: false, tables: '3' },
    { since: new Date(day(3)).toISOString(), compared: true, tables: '1-2' },
  ]
  const digests = { tables: 1, ofTables: 4, rawBytes: 12, ofRawBytes: 48, ages }
  await files.store().put(setPrefix(of) + sampledFile, serializeEvidence(sampleEvidence(digests, day(5))))
}

describe('tables that were not compared by digest for too long', () => {
  test('are none while a run may still be at work on them, and then those, the longest first', async () => {
    await storeSampled()
    expect(await late(day(10) + 3_600_000)).toEqual({ set: of.set, tables: [] })
    const named = (...names: [name: string, onDay: number][]) =>
      names.map(([name, onDay]) => ({ schema: 'public', name, sinceMs: day(onDay) }))
    expect(await late(day(10) + 3_600_001)).toEqual({ set: of.set, tables: named(['b', 3], ['c', 3]) })
    expect(await late(day(20))).toEqual({ set: of.set, tables: named(['b', 3], ['c', 3], ['d', 4], ['a', 5]) })
  })

  test('are not looked for behind a young verification of everything, and all of them behind an old one', async () => {
    await storeSet(files.store(), of)
    const file = evidenceFile(day(5), { verdict: 'equal' })
    await files.store().put(setPrefix(of) + file, serializeEvidence(sampleEvidence(undefined, day(5))))
    expect(await late(day(12))).toBeUndefined()
    expect(await late(day(5) + 8 * dayMs)).toMatchObject({ tables: [{ name: 'orders', sinceMs: day(5) }] })
  })

  test('are unknown where nothing was ever verified', async () => {
    await storeSet(files.store(), of)
    expect(await late(day(20))).toBeUndefined()
  })

  test('are a problem where the evidence, or the store, cannot be read', async () => {
    await storeSampled()
    const gone: StoreChoice = { settings: { type: 'file', directory: `${files.directory()}/gone` } }
    expect(await late(day(6), gone)).toEqual({ problem: expect.any(String) })
    await files.store().put(setPrefix(of) + sampledFile, Buffer.from('{}'))
    expect(await late(day(6))).toEqual({ problem: `${sampledFile} of ${of.set} cannot be understood` })
  })
})
