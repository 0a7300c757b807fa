import { expect, test } from 'vitest'
import { loadProfiles } from '../../../config/load-profiles.ts'
import { optionsOf } from '../../../loadtests/options.ts'
import type { LoadPlan } from '../../../loadtests/plan.ts'
import { partsOf, profileScenarios } from '../../../loadtests/profiles.ts'
import { tagOf, thresholdsOf } from '../../../loadtests/thresholds.ts'
import { exampleTargets, loadPlan } from '../../support/load-plan.ts'

const plans: [string, LoadPlan][] = [
  ...loadProfiles.map((profile): [string, LoadPlan] => [
    profile,
    loadPlan(exampleTargets, { profile, scenarios: profileScenarios[profile] }),
  ]),
  ['isolation', loadPlan(exampleTargets, { scenarios: ['isolation'], downTarget: 'consolidation' })],
  ['failover', loadPlan(exampleTargets, { scenarios: ['failover'] })],
]

const expressions = (plan: LoadPlan, tag: string) =>
  partsOf(plan)
    .filter((part) => tagOf(part) === tag)
    .flatMap((part) => thresholdsOf(part, plan.goals))
    .map(({ metric, expression }) => `${metric} ${expression}`)

test('the goals, each with the samples that it needs', () => {
  const plan = loadPlan(exampleTargets)
  const tag = 'scenario:expectedLoad_entries'
  expect(expressions(plan, 'expectedLoad_entries')).toEqual([
    `http_req_duration{${tag},expected_response:true} p(95)<=200`,
    `http_req_duration{${tag},expected_response:true} p(99)<=500`,
    `checks{${tag}} rate>=0.999`,
    `lost_requests{${tag}} rate<=0.05`,
    `dropped_iterations{${tag}} count<=0`,
    // 600 requests to two targets, of which 95 % are enough; then less the 5 % that may be lost, and the 0.1 % that may be wrong.
    `http_reqs{${tag}} count>=285`,
    `judged_answers{${tag}} count>=270`,
    `http_reqs{${tag},expected_response:true} count>=270`,
  ])
})

test('a spike must have been there, and the time after it is judged by the goals', () => {
  const plan = loadPlan(exampleTargets, { profile: 'spike', scenarios: ['recovery'] })
  expect(expressions(plan, 'spike_entries')).toEqual([
    'dropped_iterations{scenario:spike_entries} count<=0',
    'http_reqs{scenario:spike_entries} count>=2137',
  ])
  expect(expressions(plan, 'recovery_entries')).toHaveLength(8)
})

test('websockets are counted, and all of them must be kept', () => {
  const plan = loadPlan(exampleTargets, { scenarios: ['websockets'] })
  expect(expressions(plan, 'websockets_websocket')).toEqual(['sockets_kept{scenario:websockets_websocket} count>=100'])
})

test('a neighbour that is up proves nothing about isolation', () => {
  const plan = loadPlan(exampleTargets, { scenarios: ['isolation'], downTarget: 'consolidation', arrangedSeconds: 60 })
  expect(expressions(plan, 'neighbour_consolidation')).toEqual([
    'neighbour_down{scenario:neighbour_consolidation} count>=57',
    'neighbour_answers{scenario:neighbour_consolidation} count<=0',
  ])
})

test('only where the breaking point is looked for does a missed goal end the run', () => {
  for (const [name, plan] of plans) {
    const ending = partsOf(plan).flatMap((part) => thresholdsOf(part, plan.goals).filter(({ ends }) => ends))
    expect(ending.map(({ key }) => key)).toEqual(
      name === 'breakpoint' ? ['p95', 'p99', 'success', 'lost', 'dropped', 'p95', 'p99', 'success', 'lost', 'dropped'] : [],
    )
  }
})

test.each(plans)('%s: every part counts samples by what fails at nothing', (_, plan) => {
  for (const part of partsOf(plan)) {
    const least = thresholdsOf(part, plan.goals).filter(({ expression }) => /^count>=[1-9]\d*$/.test(expression))
    expect(least.length).toBeGreaterThan(0)
  }
})

test.each(plans)('%s: every tag in a threshold is a scenario of the same options', (_, plan) => {
  const { scenarios, thresholds } = optionsOf(plan)
  const tags = Object.keys(thresholds).map(
    (metric) => /^\w+\{scenario:([^,}]+)(?:,expected_response:true)?\}$/.exec(metric)?.[1],
  )
  expect(new Set(tags)).toEqual(new Set(Object.keys(scenarios)))
})

test.each(plans)('%s: every threshold is one that k6 can read', (_, plan) => {
  const all = Object.values(optionsOf(plan).thresholds).flat()
  expect(all.length).toBeGreaterThan(0)
  for (const { threshold } of all) expect(threshold).toMatch(/^(?:p\((?:95|99)\)|rate|count)(?:<=|>=)\d+(?:\.\d+)?$/)
})

test('even the smallest plan needs a sample', () => {
  const goals = { ...loadPlan([]).goals, ratePerSecond: 0.01, maxLostPercent: 100 }
  const plan = loadPlan(exampleTargets, { goals })
  expect(expressions(plan, 'expectedLoad_entries').filter((text) => text.endsWith('count>=1'))).toHaveLength(3)
})
