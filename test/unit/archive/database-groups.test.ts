import { expect, test } from 'vitest'
import { databaseGroups } from '../../../functions/archive/database-groups.ts'

test('things are together with those of their database alone, whatever its name holds', () => {
  const things = [
    ['shop', 'app', 1],
    ['shop', 'app/old', 2],
    ['shop/app', 'old', 3],
    ['shop', 'app', 4],
  ] as const
  const groups = databaseGroups(things, ([cluster, database]) => ({ cluster, database }))
  expect(groups.map(({ cluster, database, items }) => [cluster, database, items.map(([, , number]) => number)])).toEqual([
    ['shop', 'app', [1, 4]],
    ['shop', 'app/old', [2]],
    ['shop/app', 'old', [3]],
  ])
})
