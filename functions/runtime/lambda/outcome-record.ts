import type { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { MiddlewareObj } from '@middy/core'
import { toFailure } from '../../platform/failure.ts'
import { failedOutcome, type Outcome } from '../../platform/outcome.ts'
import { outcomeMetrics } from './metric-units.ts'

/** Where a function's metrics are: the alarms of serverless.yml look for them there. */
export const metricNamespace = 'Ballast'

/** 1 for a run that was well, 0 for every other one. */
export const okMetric = 'ok'

/** Writes an outcome's log line and metrics; the dimensions of the metrics are the cluster (`service`) and the operation. */
export function outcomeRecorder(logger: Logger, cluster: string, operation: string): (outcome: Outcome) => void {
  const metrics = new Metrics({
    namespace: metricNamespace,
    serviceName: cluster,
    defaultDimensions: { operation },
  })
  return (outcome) => {
    logger[outcome.ok ? 'info' : 'error']('outcome', { outcome })
    metrics.addMetric(okMetric, MetricUnit.Count, outcome.ok ? 1 : 0)
    for (const { name, unit, value } of outcomeMetrics(outcome.numbers)) metrics.addMetric(name, unit, value)
    metrics.publishStoredMetrics()
  }
}

/**
 * Gives every run exactly one outcome, one log line and one set of metrics: also a run that threw, which becomes a failed
 * outcome.
 */
export function outcomeRecord(logger: Logger, cluster: string, operation: string): MiddlewareObj<unknown, Outcome> {
  const record = outcomeRecorder(logger, cluster, operation)
  return {
    after: ({ response }) => {
      if (response !== null && response !== undefined) record(response)
    },
    onError: (request) => {
      const failure = toFailure(request.error, cluster)
      const outcome = failedOutcome(operation, failure.subject, failure)
      record(outcome)
      request.response = outcome
    },
  }
}
