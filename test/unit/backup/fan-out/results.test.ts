import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { runPrefix, runStateKey, setPrefix } from '../../../../functions/archive/keys.ts'
import { type RunState, serializeState } from '../../../../functions/archive/run-state.ts'
import { taskProduct } from '../../../../functions/backup/fan-out/products.ts'
import { adopt, announce, findMade, readResult, settle } from '../../../../functions/backup/fan-out/results.ts'
import type { RunPlace } from '../../../../functions/backup/fan-out/run-store.ts'
import { failureOf } from '../../../support/failures.ts'
import { useFileStore } from '../../../support/stored-sets.ts'

const files = useFileStore()
const address = { cluster: 'shop', database: 'app', set: '2026-11-25T060000Z-daily-20261125t0600z' }
const settings = { compressionLevel: 1, lockWaitSeconds: 1, rolePasswords: false, ageRecipients: [] }
const product = taskProduct({ address, settings }, 1, { type: 'unit', unit: 1, chunks: [{ table: 0 }] })
const key = `${setPrefix(address)}data/000001.zst`
const held: RunState = {
  ...{ format: 1, state: 'held', slot: 'daily', dueMs: 0, startedMs: 0, generation: 1, renewals: 0, renewMs: 1000 },
  ...{ holder: 'a', plan: 'a', heldSinceMs: 0, handoverMs: 1, endMs: 2 },
  snapshot: { id: '1', view: '1:1:', lsn: '0/1', virtualXid: '1/1' },
  server: { host: 'db', port: 5432, startedAt: '1' },
}
const resultOf = (text: string, rows = 1) => ({
  chunks: [{ table: 0, rows, bytes: text.length, digest: '0'.repeat(16) }],
  stored: { key, bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') },
})
const place = (): RunPlace => ({ store: files.store(), address, signal: new AbortController().signal })

beforeEach(async () => {
  await files.store().put(runStateKey(address), serializeState(held))
})

describe('a unit of a run', () => {
  it('is not there before it was stored, whatever was announced', async () => {
    await announce(place(), product, resultOf('one'))
    expect(await adopt(place(), product)).toBeUndefined()
    expect(await readResult(place(), product)).toBeUndefined()
  })

  it('that an attempt stored before it was ended has the result that this attempt announced', async () => {
    await announce(place(), product, resultOf('one', 5))
    await announce(place(), product, resultOf('two', 7))
    await files.store().put(key, Buffer.from('two'))
    expect(await adopt(place(), product)).toEqual(resultOf('two', 7))
    expect(await readResult(place(), product)).toEqual(resultOf('two', 7))
  })

  it('that nobody announced is not taken for anything', async () => {
    await announce(place(), product, resultOf('one'))
    await files.store().put(key, Buffer.from('two'))
    expect(await failureOf(adopt(place(), product))).toMatchObject({ kind: 'permanent', code: 'DAMAGED', subject: key })
  })

  it('has one result, whoever settles it', async () => {
    await settle(place(), product, resultOf('one', 5))
    await settle(place(), product, resultOf('one', 6))
    expect(await readResult(place(), product)).toEqual(resultOf('one', 5))
  })

  it('is found among its neighbours, its object and its result each', async () => {
    const unit = (number: number) => taskProduct({ address, settings }, number, { type: 'unit', unit: number, chunks: [] })
    const digested = taskProduct({ address, settings }, 3, { type: 'digest', chunks: [] })
    const [two, four, five] = [unit(2), unit(4), unit(5)]
    for (const number of [1, 2, 5, 6]) await files.store().put(unit(number).key ?? '', Buffer.from('one'))
    for (const other of [unit(1), two, digested, unit(6)]) await settle(place(), other, resultOf('one'))
    const { results, objects } = await findMade(place(), [two, digested, four, five])
    expect([...results]).toEqual([two, digested])
    expect([...objects]).toEqual([two, five])
    expect(await findMade(place(), [unit(7)])).toEqual({ results: new Set(), objects: new Set() })
  })

  it.each(['opening', 'released', 'broken', 'aborted'] as const)('is not announced when the run is %s', async (state) => {
    await files.store().put(runStateKey(address), serializeState({ ...held, state }))
    expect(await failureOf(announce(place(), product, resultOf('one')))).toMatchObject({
      kind: state === 'opening' ? 'transient' : 'permanent',
    })
    const documents = await Array.fromAsync(files.store().list(runPrefix(address)))
    expect(documents.flatMap(({ objects }) => objects.map((object) => object.key))).toEqual([runStateKey(address)])
  })
})
