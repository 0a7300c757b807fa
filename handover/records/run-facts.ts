import { z } from 'zod'
import { measurement } from './measurement.ts'

/** The format of records that this version writes, and the only one that it reads. */
export const recordFormat = 1

/** A moment of a run, for its timeline. */
const event = z.strictObject({
  /** Milliseconds after the run's start. */
  atMs: z.number().nonnegative(),
  /** `primaryStopped`: what it is called in the report's texts. */
  key: z.string().regex(/^[a-z][a-zA-Z0-9]*$/),
  /** What a reader wants to see beside it: the name of a node, the text of an error. Never a secret. */
  detail: z.string().default(''),
})

/** Evidence in rows: the ports that were tried, the tables that were compared. */
const table = z.strictObject({
  key: z.string().regex(/^[a-z][a-zA-Z0-9]*$/),
  /** Keys of the columns, for the report's texts. */
  columns: z.array(z.string().regex(/^[a-z][a-zA-Z0-9]*$/)).min(1),
  rows: z.array(z.array(z.string())),
})

/** What every record of a run says. */
export const runFacts = {
  format: z.literal(recordFormat),
  cluster: z.string().min(1),
  /** `definitionHash` of the cluster. */
  definition: z.string().regex(/^[0-9a-f]{64}$/),
  /** The commit of the definition's working tree; `-dirty` where files differ from it. Absent where it is in none. */
  commit: z.string().optional(),
  /** Version of Ballast. */
  ballast: z.string().min(1),
  /** What it ran on: the sandbox on loopback, guests of baked images, or the machines of the definition. */
  on: z.enum(['sandbox', 'images', 'cluster']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /**
   * `complete`: it ran to its end. `interrupted`: somebody or a limit stopped it; what it measured until then is kept.
   * `failed`: it could not go on. `skipped`: it was not begun. Only what is complete can pass.
   */
  state: z.enum(['complete', 'interrupted', 'failed', 'skipped']),
  /** Why it is not complete, with what to do. */
  reason: z.string().optional(),
  measurements: z.array(measurement),
  /** What is wrong beside the measurements, a sentence each; one is enough to fail. */
  findings: z.array(z.string().min(1)),
  /** What this run could not show, a sentence each with the reason: whatever its verdict, it does not cover that. */
  untested: z.array(z.string().min(1)).optional(),
  events: z.array(event),
  tables: z.array(table),
} as const

export type RunEvent = z.infer<typeof event>
export type EvidenceTable = z.infer<typeof table>
