import { expect, test } from 'vitest'
import type { CompleteSet } from '../../../../functions/archive/catalogue.ts'
import { serializeEvidence } from '../../../../functions/archive/evidence.ts'
import { evidenceFile, setPrefix } from '../../../../functions/archive/keys.ts'
import { whyTooLarge } from '../../../../functions/verify/fan-out/verify-many.ts'
import { sampleCluster } from '../../../support/definitions.ts'
import { sampleEvidence } from '../../../support/evidence.ts'
import { sampleManifest } from '../../../support/manifests.ts'
import { address, storeSet, useFileStore } from '../../../support/stored-sets.ts'

const files = useFileStore()
const [older, newer] = ['2026-11-21T060000Z-daily', '2026-11-22T060000Z-daily']
const atMs = Date.parse('2026-11-22T07:00:00Z')
const proofFile = evidenceFile(atMs, { verdict: 'equal' })

test('how long earlier verifications took is told by the evidence that there is: one that was deleted says nothing', async () => {
  const store = files.store()
  const signal = new AbortController().signal
  await storeSet(store, address(older))
  await storeSet(store, address(newer))
  const { summary } = sampleManifest()
  const setOf = (set: string): CompleteSet => ({
    state: 'complete',
    address: address(set),
    publishedMs: atMs,
    summary,
    proofFile,
  })
  const sets = [setOf(older), setOf(newer)]
  const cluster = sampleCluster({ 'backup.verify.into': { env: 'VERIFY_INTO' } })
  const run = { cluster, env: {}, signal, dueMs: atMs, deadlineMs: atMs, note: () => undefined }
  const why = () => whyTooLarge(run, { store, address: address(newer), sets, secondsLeft: 900, signal })
  expect(await why()).toBeUndefined()
  const slow = { ...sampleEvidence(undefined, atMs), secondsByPhase: { restore: 1000, 'clean-up': 1 } }
  await store.put(setPrefix(address(older)) + proofFile, serializeEvidence(slow))
  expect(await why()).toMatch(/take 16\.7 min, and one call has 15\.0 min$/)
})
