import fc from 'fast-check'
import { expect, it } from 'vitest'
import { clusterOfOwnKey, parseKey, parseRunKey, runPrefix, runStateKey } from '../../../functions/archive/keys.ts'

const name = fc.string({ minLength: 1, maxLength: 30 })
const set = '2026-11-25T060000Z-daily-20261125t0600z'

it("a run's keys name its set whatever cluster and database are called, and are taken for no set's", () => {
  fc.assert(
    fc.property(name, name, (cluster, database) => {
      fc.pre(cluster.isWellFormed() && database.isWellFormed())
      const address = { cluster, database, set }
      for (const key of [runStateKey(address), `${runPrefix(address)}units/000001.json`]) {
        expect(parseRunKey(key)).toEqual(address)
        expect(parseKey(key)).toBeUndefined()
        expect(clusterOfOwnKey(key)).toBe(cluster)
      }
    }),
  )
})

it.each([
  'shop/.ballast/runs/app',
  'shop/.ballast/runs/app/x/snapshot.json',
  `shop/.ballast/slots/app/${set}/a`,
  `shop/app/${set}/a/b/c`,
])('%s is of no run', (key) => {
  expect(parseRunKey(key)).toBeUndefined()
})
