import { z } from 'zod'
import { type LoadSummary, summaryFormat } from '../../../loadtests/summary.ts'

const count = z.int().nonnegative()
const percentiles = z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() })

const threshold = z.strictObject({
  key: z.enum([
    ...['p95', 'p99', 'success', 'lost', 'dropped', 'websockets', 'requests', 'rightAnswers', 'judgedAnswers'],
    ...['neighbourDown', 'neighbourAnswers'],
  ] as const),
  scenario: z.string(),
  target: z.string(),
  is: z.enum(['at most', 'at least']),
  limit: z.number(),
  value: z.number(),
  samples: count,
  met: z.boolean(),
  ends: z.boolean(),
})

const scenario = z.strictObject({
  scenario: z.string(),
  target: z.string(),
  requests: count,
  lost: count,
  failed: count,
  dropped: count,
  checksPassed: count,
  checksFailed: count,
  latencyMs: percentiles.optional(),
})

/** What k6 wrote at its end; nothing is taken from it unread. */
export const loadSummary: z.ZodType<LoadSummary> = z.strictObject({
  format: z.literal(summaryFormat),
  profile: z.string(),
  seconds: z.number(),
  scenarios: z.array(scenario).min(1),
  thresholds: z.array(threshold).min(1),
  virtualUsers: count,
}) as z.ZodType<LoadSummary>
