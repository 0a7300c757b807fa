import { expect, test } from 'vitest'
import { optionsOf } from '../../../loadtests/options.ts'
import { type K6Data, summarize } from '../../../loadtests/summarize.ts'
import { exampleTargets, loadPlan } from '../../support/load-plan.ts'

const plan = loadPlan(exampleTargets)

/** k6's data of a run without one sample: it has all metrics with a threshold, and passes all but those that count. */
function emptyData(): K6Data {
  const values = { count: 0, rate: 0, passes: 0, fails: 0, 'p(50)': 0, 'p(95)': 0, 'p(99)': 0, max: 0 }
  const metrics = Object.entries(optionsOf(plan).thresholds).map(([metric, thresholds]) => [
    metric,
    {
      values,
      thresholds: Object.fromEntries(thresholds.map(({ threshold }) => [threshold, { ok: !threshold.startsWith('count>=') }])),
    },
  ])
  return {
    metrics: { ...Object.fromEntries(metrics), vus_max: { values: { max: 500 } } },
    state: { testRunDurationMs: 14_250 },
  }
}

test('a run without a sample has numbers of nothing, and does not meet what counts samples', () => {
  const summary = summarize(emptyData(), plan)
  const [first] = summary.scenarios
  expect(summary).toMatchObject({ format: 1, profile: 'smoke', seconds: 14.25, virtualUsers: 500 })
  expect(first).toEqual({
    ...{ scenario: 'expectedLoad', target: 'entries', requests: 0, lost: 0, failed: 0, dropped: 0 },
    ...{ checksPassed: 0, checksFailed: 0 },
  })
  const unmet = summary.thresholds.filter(({ met, target }) => !met && target === 'entries').map(({ key }) => key)
  expect(unmet).toEqual(['requests', 'judgedAnswers', 'rightAnswers'])
  expect(summary.thresholds.every(({ samples }) => samples === 0)).toBe(true)
})

test('rates come in percent, latencies of right answers in milliseconds', () => {
  const data = emptyData()
  const tag = 'scenario:expectedLoad_entries'
  const give = (metric: string, values: Record<string, number>) => {
    const found = data.metrics[metric]
    if (found === undefined) throw new Error(`there is no ${metric}`)
    found.values = { ...found.values, ...values }
  }
  give(`http_reqs{${tag}}`, { count: 300 })
  give(`lost_requests{${tag}}`, { rate: 0.02, passes: 6, fails: 294 })
  give(`checks{${tag}}`, { rate: 0.99, passes: 291, fails: 3 })
  give(`http_req_duration{${tag},expected_response:true}`, { count: 291, 'p(50)': 4, 'p(95)': 12.5, 'p(99)': 30, max: 44 })
  give(`dropped_iterations{${tag}}`, { count: 2 })
  const { scenarios, thresholds } = summarize(data, plan)
  expect(scenarios[0]).toEqual({
    ...{ scenario: 'expectedLoad', target: 'entries', requests: 300, lost: 6, failed: 9, dropped: 2 },
    ...{ checksPassed: 291, checksFailed: 3, latencyMs: { p50: 4, p95: 12.5, p99: 30, max: 44 } },
  })
  const of = (key: string) => {
    const found = thresholds.find((one) => one.key === key && one.target === 'entries')
    return [found?.value, found?.samples, found?.limit, found?.is]
  }
  expect(of('lost')).toEqual([2, 300, 5, 'at most'])
  expect(of('success')).toEqual([99, 294, 99.9, 'at least'])
  expect(of('p95')).toEqual([12.5, 291, 200, 'at most'])
  expect(of('dropped')).toEqual([2, 300, 0, 'at most'])
})

test('a threshold that k6 does not report is an error, and not one that was met', () => {
  const data = emptyData()
  const metric = 'lost_requests{scenario:expectedLoad_entries}'
  data.metrics[metric] = { values: { rate: 0, passes: 0, fails: 0 } }
  expect(() => summarize(data, plan)).toThrow(`k6 does not say whether ${metric} rate<=0.05 was met`)
})
