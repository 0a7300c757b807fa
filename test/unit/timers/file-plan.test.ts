import { expect, test } from 'vitest'
import { planFiles } from '../../../functions/timers/file-plan.ts'
import { markerComment } from '../../../functions/timers/unit-names.ts'

const mine = (path: string, body = 'x') => ({ path, text: `${markerComment('shop', '/d.json')}${body}` })
const other = { path: 'u/other.timer', text: `${markerComment('shop-two', '/d.json')}x` }
const own = { path: 'u/own.service', text: '[Service]\n' }

test('new, changed and stale files of the cluster; what is the same or of somebody else is left alone', () => {
  const plan = planFiles(
    'shop',
    [mine('u/a'), mine('u/b', 'y'), mine('u/c')],
    [mine('u/b'), mine('u/c'), mine('u/old'), other, own],
  )
  expect(plan.changes).toEqual([
    { path: 'u/a', change: 'new' },
    { path: 'u/b', change: 'changed' },
    { path: 'u/c', change: 'same' },
    { path: 'u/old', change: 'removed' },
  ])
  expect(plan.write.map(({ path }) => path)).toEqual(['u/a', 'u/b'])
  expect(plan.remove).toEqual(['u/old'])
  expect(plan.foreign).toEqual([])
})

test('a file of another cluster, or of nobody, is in the way', () => {
  const plan = planFiles('shop', [mine(other.path), mine(own.path)], [other, own])
  expect(plan.foreign).toEqual([
    { path: other.path, cluster: 'shop-two' },
    { path: own.path, cluster: undefined },
  ])
  expect(plan.remove).toEqual([])
})
