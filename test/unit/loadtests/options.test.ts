import { expect, test } from 'vitest'
import { optionsOf } from '../../../loadtests/options.ts'
import { exampleTargets, loadPlan } from '../../support/load-plan.ts'

test('a target gets its share of the rate, by a unit of time that keeps the numbers whole', () => {
  const { scenarios } = optionsOf(loadPlan(exampleTargets))
  expect(scenarios.expectedLoad_entries).toEqual({
    executor: 'ramping-arrival-rate',
    exec: 'sendRequests',
    startTime: '0s',
    gracefulStop: '10s',
    timeUnit: '120s',
    preAllocatedVUs: 250,
    maxVUs: 250,
    startRate: 0,
    stages: [
      { duration: '2s', target: 3_000 },
      { duration: '10s', target: 3_000 },
      { duration: '2s', target: 0 },
    ],
  })
})

test('a rate under one a second stays what it is', () => {
  const goals = { ...loadPlan([]).goals, ratePerSecond: 1 / 6 }
  const { scenarios } = optionsOf(loadPlan(exampleTargets, { goals, scenarios: ['failover'] }))
  expect(scenarios.failover_entries).toMatchObject({
    executor: 'constant-arrival-rate',
    rate: 10,
    timeUnit: '120s',
    duration: '4s',
  })
})

test('clients and websockets are virtual users that go on until they are done', () => {
  const { scenarios } = optionsOf(loadPlan(exampleTargets, { scenarios: ['websockets', 'poolHolds'] }))
  expect(scenarios.websockets_websocket).toMatchObject({
    executor: 'per-vu-iterations',
    vus: 5,
    iterations: 1,
    maxDuration: '24s',
  })
  expect(scenarios.poolHolds_entries).toMatchObject({
    executor: 'per-vu-iterations',
    vus: 100,
    iterations: 5,
    startTime: '14s',
  })
})

test('who probes a neighbour and who holds websockets has a flow of its own', () => {
  const plan = loadPlan(exampleTargets, { scenarios: ['isolation', 'websockets'], downTarget: 'entries' })
  const { scenarios } = optionsOf(plan)
  expect(Object.entries(scenarios).map(([tag, { exec }]) => [tag, exec])).toEqual([
    ['isolation_consolidation', 'sendRequests'],
    ['neighbour_entries', 'probeNeighbour'],
    ['websockets_websocket', 'holdSockets'],
  ])
})

test('what ends the run does not do so by its first requests', () => {
  const { thresholds } = optionsOf(loadPlan(exampleTargets, { profile: 'breakpoint', scenarios: ['breakpoint'] }))
  expect(thresholds['lost_requests{scenario:breakpoint_entries}']).toEqual([
    { threshold: 'rate<=0.05', abortOnFail: true, delayAbortEval: '10s' },
  ])
  expect(thresholds['http_reqs{scenario:breakpoint_entries}']).toEqual([{ threshold: 'count>=237', abortOnFail: false }])
})
