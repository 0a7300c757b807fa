import { MetricUnit } from '@aws-lambda-powertools/metrics'
import type { OutcomeNumbers } from '../../platform/outcome.ts'

/** One number of an outcome as CloudWatch takes it. */
export interface OutcomeMetric {
  name: string
  unit: (typeof MetricUnit)[keyof typeof MetricUnit]
  value: number
}

const unitSuffixes = [
  [/bytes$/i, MetricUnit.Bytes],
  [/seconds$/i, MetricUnit.Seconds],
  [/Ms$/, MetricUnit.Milliseconds],
  [/percent$/i, MetricUnit.Percent],
] as const

/** The metrics of an outcome: its numbers, with the unit that ends their names. Texts and flags are no metrics. */
export function outcomeMetrics(numbers: OutcomeNumbers): OutcomeMetric[] {
  return Object.entries(numbers).flatMap(([name, value]) =>
    typeof value === 'number' && Number.isFinite(value) ? [{ name, unit: unitOf(name), value }] : [],
  )
}

function unitOf(name: string): OutcomeMetric['unit'] {
  return unitSuffixes.find(([suffix]) => suffix.test(name))?.[1] ?? MetricUnit.Count
}
