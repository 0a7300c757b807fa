import { expect, test } from 'vitest'
import type { ManifestSummary } from '../../../../functions/archive/manifest.ts'
import { measureRates } from '../../../../functions/backup/scale/measured-rates.ts'
import { sampleManifest } from '../../../support/manifests.ts'

/** A set of 1 GB that took so long. */
function set(name: string, seconds: number, storedBytes = 3e8): ManifestSummary {
  const startedAt = '2026-11-22T06:00:00.000Z'
  const finishedAt = new Date(Date.parse(startedAt) + seconds * 1000).toISOString()
  return { ...sampleManifest().summary, set: name, startedAt, finishedAt, rawBytes: 1e9, storedBytes }
}

const connections = { one: 2, fannedOut: 20 }

test('the best of the sets that one process made, by its connections; the newest says what is stored', () => {
  const sets = [set('c', 20, 2e8), set('b', 10), set('a', 2)]
  expect(measureRates(sets, new Set(['a']), connections)).toEqual({
    ...{ copyBytesPerSecond: 5e7, storedShare: 0.2, connections: 2, sets: 2 },
  })
})

test('fanned-out sets, where there are no others', () => {
  expect(measureRates([set('b', 2), set('a', 1)], new Set(['a', 'b']), connections)).toMatchObject({
    ...{ copyBytesPerSecond: 5e7, connections: 20, sets: 2 },
  })
})

test('nothing, where there is nothing to go by', () => {
  expect(measureRates([], new Set(), connections)).toBeUndefined()
  expect(measureRates([{ ...set('a', 1), rawBytes: 0 }], new Set(), connections)).toBeUndefined()
})
