import { expect, test } from 'vitest'
import { loadProfiles } from '../../../config/load-profiles.ts'
import type { LoadPlan, ProfileName } from '../../../loadtests/plan.ts'
import { arrangedScenarios, askable, partsOf, peakRate, plannedSeconds, profileScenarios } from '../../../loadtests/profiles.ts'
import { secondsOf } from '../../../loadtests/shape.ts'
import { exampleTargets, loadPlan } from '../../support/load-plan.ts'

const planOf = (profile: ProfileName, more: Partial<LoadPlan> = {}) =>
  loadPlan(exampleTargets, { profile, scenarios: profileScenarios[profile], ...more })

const outline = (plan: LoadPlan) =>
  partsOf(plan).map(({ name, target, load, startSeconds }) => [
    ...[name, target.name, load.kind, startSeconds],
    load.kind === 'rate' ? load.shape.stages.map(({ seconds, rate }) => [seconds, rate]) : 'no rate',
  ])

test('the profiles are those of the definition', () => {
  expect(Object.keys(profileScenarios)).toEqual([...loadProfiles])
})

test('a smoke test asks for the expected load and websockets together, and for the pool afterwards', () => {
  const load = [
    [2, 50],
    [10, 50],
    [2, 0],
  ]
  expect(outline(planOf('smoke'))).toEqual([
    ['expectedLoad', 'entries', 'rate', 0, load],
    ['expectedLoad', 'consolidation', 'rate', 0, load],
    ['websockets', 'websocket', 'sockets', 0, 'no rate'],
    ['poolHolds', 'entries', 'clients', 14, 'no rate'],
    ['poolHolds', 'consolidation', 'clients', 14, 'no rate'],
  ])
})

test.each<[ProfileName, string, number[][]]>([
  [
    'average',
    'expectedLoad',
    [
      [100, 50],
      [600, 50],
      [100, 0],
    ],
  ],
  [
    'stress',
    'peak',
    [
      [200, 100],
      [600, 100],
      [100, 0],
    ],
  ],
  [
    'spike',
    'spike',
    [
      [20, 50],
      [10, 250],
      [10, 50],
      [10, 50],
    ],
  ],
  ['spike', 'recovery', [[60, 50]]],
  [
    'soak',
    'expectedLoad',
    [
      [300, 50],
      [14_400, 50],
      [300, 0],
    ],
  ],
  ['breakpoint', 'breakpoint', [[300, 1_000]]],
])('%s has the load of %s', (profile, name, stages) => {
  const found = partsOf(planOf(profile)).find((part) => part.name === name)
  expect(found?.load.kind === 'rate' && found.load.shape.stages.map(({ seconds, rate }) => [seconds, rate])).toEqual(stages)
})

test.each<[ProfileName, keyof LoadPlan['profiles'], number]>([
  ['stress', 'stressRatePerSecond', 130],
  ['spike', 'spikeRatePerSecond', 300],
  ['breakpoint', 'breakpointRatePerSecond', 700],
])('%s takes its rate from %s', (profile, key, rate) => {
  const { profiles } = planOf(profile)
  expect(peakRate(partsOf(planOf(profile, { profiles: { ...profiles, [key]: rate } })))).toBe(rate)
})

test('after a spike the judged time begins when the spike is over and has settled', () => {
  const [spike, , recovery] = partsOf(planOf('spike'))
  expect(spike?.load.kind === 'rate' && secondsOf(spike.load.shape)).toBe(recovery?.startSeconds)
})

test('all targets that take requests have an equal share', () => {
  const shares = partsOf(planOf('average')).flatMap(({ load }) => (load.kind === 'rate' ? [load.share] : []))
  expect(shares).toEqual([0.5, 0.5])
})

test('isolation loads the others, and probes the one that is down', () => {
  const plan = planOf('smoke', { scenarios: ['isolation'], downTarget: 'consolidation' })
  expect(outline(plan)).toEqual([
    ['isolation', 'entries', 'rate', 0, [[4, 50]]],
    ['neighbour', 'consolidation', 'rate', 0, [[4, 1]]],
  ])
})

test('websockets are asked for only where they are promised and served', () => {
  const { goals } = planOf('smoke')
  const asked = (targets: LoadPlan['targets'], websockets: number) =>
    askable('smoke', { targets, goals: { ...goals, websockets } }).includes('websockets')
  expect([asked(exampleTargets, 100), asked(exampleTargets, 0), asked(exampleTargets.slice(0, 2), 100)]).toEqual([
    true,
    false,
    false,
  ])
})

test('no profile breaks anything by itself', () => {
  expect(
    Object.values(profileScenarios)
      .flat()
      .filter((name) => arrangedScenarios.includes(name)),
  ).toEqual([])
})

const [entries, , websocket] = exampleTargets
test.each<[string, LoadPlan]>([
  [
    'this takes 14 s, and limits.duration is 10 s',
    planOf('smoke', { scenarios: ['expectedLoad'], limits: { virtualUsers: 500, durationSeconds: 10 } }),
  ],
  ['the profile smoke has no scenario peak', planOf('smoke', { scenarios: ['peak'] })],
  ['the plan has no scenarios', planOf('smoke', { scenarios: [] })],
  ['two targets have the same name', planOf('smoke', { targets: [entries, entries].filter((one) => one !== undefined) })],
  [
    'the plan has no target with an http or https URL',
    planOf('smoke', { targets: [websocket].filter((one) => one !== undefined) }),
  ],
  ['goals.rate must be more than zero', planOf('smoke', { goals: { ...planOf('smoke').goals, ratePerSecond: 0 } })],
  ['isolation needs downTarget', planOf('smoke', { scenarios: ['isolation'] })],
  ['isolation needs downTarget', planOf('smoke', { scenarios: ['isolation'], downTarget: 'websocket' })],
  [
    'the plan has no target with an http',
    planOf('smoke', { scenarios: ['isolation'], downTarget: 'entries', targets: exampleTargets.slice(0, 1) }),
  ],
  ['websockets needs a target', planOf('smoke', { targets: exampleTargets.slice(0, 2) })],
])('a plan is refused with: %s', (message, plan) => {
  expect(() => partsOf(plan)).toThrow(message)
})

test('the length of a plan is when its last part is over', () => {
  expect(plannedSeconds(partsOf(planOf('spike')))).toBe(110)
  expect(plannedSeconds(partsOf(planOf('smoke')))).toBe(14 + 60)
})
