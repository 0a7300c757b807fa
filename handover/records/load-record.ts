import { z } from 'zod'
import { loadProfiles } from '../../config/load-profiles.ts'
import { runFacts } from './run-facts.ts'

/** Milliseconds. */
const latency = z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() })

/** What k6 did to one target by one scenario. */
const scenario = z.strictObject({
  /** Name of the scenario, which is a question: `expectedLoad`, `isolation`, `websockets`. */
  name: z.string().regex(/^[a-z][a-zA-Z0-9]*$/),
  /** Name in `loadtests.targets`. */
  target: z.string(),
  requests: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  /** Iterations that the generator could not start: the target was too slow for its virtual users. */
  dropped: z.int().nonnegative(),
  checksPassed: z.int().nonnegative(),
  checksFailed: z.int().nonnegative(),
  /** Absent without a request. */
  latencyMs: latency.optional(),
})

/** One run of pgbench. */
const pgbench = z.strictObject({
  through: z.enum(['pooler', 'direct']),
  protocol: z.enum(['simple', 'extended', 'prepared']),
  clients: z.int().positive(),
  seconds: z.number(),
  transactions: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  /** Slower than `loadtests.pgbench.latency`. */
  late: z.int().nonnegative(),
  /** Not begun, because they would have been late. */
  skipped: z.int().nonnegative(),
  transactionsPerSecond: z.number(),
  latencyMs: z.strictObject({ average: z.number(), stddev: z.number() }),
})

/** What was seen in one step of time; what could not be read in it is absent. */
const point = z.strictObject({
  /** Milliseconds after the run's start, of the step's end. */
  atMs: z.number(),
  requestsPerSecond: z.number().optional(),
  failedPerSecond: z.number().optional(),
  p50Ms: z.number().optional(),
  p95Ms: z.number().optional(),
  p99Ms: z.number().optional(),
  /** PgBouncer: clients that wait for a server, and how long the first of them has. */
  clientsWaiting: z.number().optional(),
  longestWaitMs: z.number().optional(),
  clientConnections: z.number().optional(),
  serverConnections: z.number().optional(),
  /** PostgreSQL's own count of its clients, the pooler's connections among them. */
  databaseConnections: z.number().optional(),
  /** pgbench: what ended, and its average latency. */
  transactionsPerSecond: z.number().optional(),
  transactionMs: z.number().optional(),
  /** The furthest standby's. */
  lagBytes: z.number().optional(),
  lagMs: z.number().optional(),
  /** Of all processors of the machine that the load came from, 0 to 100, and the load generators' own part of it. */
  cpuPercent: z.number().optional(),
  generatorCpuPercent: z.number().optional(),
})

/** What one load test did and measured. */
export const loadRecord = z.strictObject({
  kind: z.literal('load'),
  name: z.enum(loadProfiles),
  ...runFacts,
  plan: z.strictObject({
    /** Requests at the plateau or peak. */
    ratePerSecond: z.number().optional(),
    /** How long that rate was held, of the profiles that hold one. */
    plateauSeconds: z.number().optional(),
    /** How long load of any kind was on. */
    seconds: z.number(),
    virtualUsers: z.int(),
  }),
  scenarios: z.array(scenario),
  pgbench: z.array(pgbench),
  points: z.array(point),
  /** Version of k6, and of pgbench. */
  tools: z.strictObject({ k6: z.string().optional(), pgbench: z.string().optional() }),
})

export type LoadRecord = z.infer<typeof loadRecord>
export type LoadPoint = z.infer<typeof point>
export type ScenarioResult = z.infer<typeof scenario>
export type PgbenchResult = z.infer<typeof pgbench>
