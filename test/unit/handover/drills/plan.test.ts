import { expect, test } from 'vitest'
import { drills as drillNames } from '../../../../config/drills.ts'
import { allDrills } from '../../../../handover/drills/all-drills.ts'
import type { Drill } from '../../../../handover/drills/drill.ts'
import { planDrills, refuseProduction } from '../../../../handover/drills/plan.ts'
import { sampleCluster } from '../../../support/definitions.ts'

const drill = (name: Drill['name'], changes: Drill['changes'] = 'breaks'): Drill => {
  return { name, changes, withinSeconds: 1, obstacle: () => undefined, run: () => Promise.resolve() }
}
const some = [drill('rejoin'), drill('failover'), drill('stress', 'load'), drill('port-exposure', 'nothing')]
const names = (planned: ReturnType<typeof planDrills>) => planned.map(({ drill: { name } }) => name)

test('each drill is there once', () => {
  const listed = allDrills.map(({ name }) => name)
  expect(new Set(listed).size).toBe(listed.length)
})

test('they come in the order of the definition of drills, whatever the order of the list', () => {
  expect(names(planDrills(some, [], []))).toEqual(['stress', 'port-exposure', 'failover', 'rejoin'])
  expect(names(planDrills(some.toReversed(), [], ['rejoin', 'stress']))).toEqual(['stress', 'rejoin'])
})

test('what the definition leaves out stays in the list, with the reason', () => {
  const planned = planDrills(some, ['failover'], [])
  expect(planned.filter(({ leftOut }) => leftOut !== undefined)).toMatchObject([
    { drill: { name: 'failover' }, leftOut: expect.stringContaining('handover.drills.skip') },
  ])
})

test('what the definition leaves out cannot be asked for', () => {
  expect(() => planDrills(some, ['failover'], ['failover'])).toThrow(
    expect.objectContaining({ kind: 'config', message: 'the definition leaves the drill failover out' }),
  )
})

const production = sampleCluster()
const staging = sampleCluster({ environment: 'staging' })
const planned = planDrills(some, [], [])
const harmless = planDrills(some, [], ['port-exposure'])

test.each<[string, Parameters<typeof refuseProduction>]>([
  ['a sandbox of a production cluster', [{ on: 'sandbox', definition: production }, planned, false]],
  ['its baked images', [{ on: 'images', definition: production }, planned, false]],
  ['a staging cluster', [{ on: 'cluster', definition: staging }, planned, false]],
  ['a production cluster, when it was said', [{ on: 'cluster', definition: production }, planned, true]],
  ['a production cluster that is only looked at', [{ on: 'cluster', definition: production }, harmless, false]],
  [
    'a production cluster whose definition leaves the others out',
    [{ on: 'cluster', definition: production }, planDrills(some, ['stress', 'failover', 'rejoin'], []), false],
  ],
])('drills may go on: %s', (_, args) => {
  expect(() => refuseProduction(...args)).not.toThrow()
})

test.each(['stress', 'failover'] as const)('%s is refused on a production cluster', (name) => {
  const target = { on: 'cluster', definition: production } as const
  expect(() => refuseProduction(target, planDrills(some, [], [name]), false)).toThrow(
    expect.objectContaining({
      kind: 'config',
      message: expect.stringContaining(name),
      hint: expect.stringContaining('--yes-break-it'),
    }),
  )
})

test('the names are the ones that a definition may leave out', () => {
  expect(drillNames).toEqual(expect.arrayContaining(allDrills.map(({ name }) => name)))
})
