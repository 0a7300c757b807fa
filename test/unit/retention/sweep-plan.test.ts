import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ScannedSet } from '../../../functions/archive/catalogue-scan.ts'
import { refuseWholeBucket } from '../../../functions/retention/sweep.ts'
import { planSweep } from '../../../functions/retention/sweep-plan.ts'
import { address } from '../../support/stored-sets.ts'

const day = 86_400_000
const now = Date.parse('2026-11-22T12:00:00Z')
const limit = 2 * 86_400
const old = '2026-11-10T060000Z-daily'

function leftover(modifiedMs: number, set = old): ScannedSet {
  return { address: address(set), objects: 2, bytes: 42, contentBytes: 42, modifiedMs }
}

function upload(startedMs: number, set = old) {
  return { upload: { key: `shop/app/${set}/data/000002.zst`, uploadId: 'u', startedMs }, address: address(set) }
}

test.each([
  ['silent for longer than the limit', leftover(now - 3 * day), [], true],
  ['silent for exactly the limit', leftover(now - 2 * day), [], false],
  ['written to yesterday', leftover(now - day), [], false],
  ['with an upload begun yesterday', leftover(now - 3 * day), [upload(now - day)], false],
  ['with an old upload', leftover(now - 3 * day), [upload(now - 3 * day)], true],
  ['begun yesterday by its name, with older objects', leftover(now - 3 * day, '2026-11-21T120000Z-daily'), [], false],
  ['written in the future', leftover(now + day), [], false],
])('a set %s', (_, set, uploads, remove) => {
  const [step] = planSweep({ incomplete: [set], uploads }, now, limit)
  expect(step).toMatchObject({ type: 'set', remove, objects: 2, bytes: 42 })
  expect(step?.reason).not.toBe('')
})

test.each([
  ['of a set that is silent', [leftover(now - 3 * day)], now - 3 * day, true],
  ['of a set that is written to', [leftover(now - day)], now - 3 * day, false],
  ['of no incomplete set, old', [], now - 3 * day, true],
  ['of no incomplete set, young', [], now - day, false],
])('an upload %s', (_, incomplete, startedMs, remove) => {
  const steps = planSweep({ incomplete, uploads: [upload(startedMs)] }, now, limit)
  expect(steps.at(-1)).toMatchObject({ type: 'upload', remove })
})

test('an upload that never got a name is judged by its own age', () => {
  const unnamed = (startedMs: number) => ({ upload: { key: '', uploadId: 'u', startedMs } })
  const steps = planSweep({ incomplete: [], uploads: [unnamed(now - 3 * day), unnamed(now)] }, now, limit)
  expect(steps.map(({ remove }) => remove)).toEqual([true, false])
})

test('nothing younger than the limit is ever removed', () => {
  const age = fc.integer({ min: -10 * day, max: 10 * day })
  fc.assert(
    fc.property(age, fc.array(age, { maxLength: 5 }), (modifiedAge, uploadAges) => {
      const uploads = uploadAges.map((uploadAge) => upload(now - uploadAge))
      const youngest = Math.min(modifiedAge, ...uploadAges)
      const steps = planSweep({ incomplete: [leftover(now - modifiedAge)], uploads }, now, limit)
      expect(steps).toHaveLength(1 + uploads.length)
      if (youngest <= limit * 1000) expect(steps.some(({ remove }) => remove)).toBe(false)
      else expect(steps.every(({ remove }) => remove)).toBe(true)
    }),
  )
})

test('a whole bucket is refused, a prefix or a cluster is enough', () => {
  const bucket = { type: 's3', bucket: 'b', prefix: '' } as const
  expect(() => refuseWholeBucket(bucket, {})).toThrow('whole bucket')
  expect(() => refuseWholeBucket(bucket, { database: 'app' })).toThrow('whole bucket')
  expect(() => refuseWholeBucket({ type: 'file', directory: '/' }, {})).toThrow('whole bucket')
  refuseWholeBucket(bucket, { cluster: 'shop' })
  refuseWholeBucket({ ...bucket, prefix: 'p' }, {})
  refuseWholeBucket({ type: 'file', directory: '/var/backups' }, {})
})
