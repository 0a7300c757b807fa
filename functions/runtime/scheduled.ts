import type { Cluster } from '../../config/cluster.ts'
import type { Outcome } from '../platform/outcome.ts'

/** What a scheduled run is told by whoever starts it: a Lambda function, a systemd timer, or a person. */
export interface ScheduledRun {
  /** The definition. */
  cluster: Cluster
  /** Names the line of `backup.schedule`, for backups. */
  slot?: string
  /** The one of several things that the run of a line is about, where each has a run of its own: a database. */
  part?: string
  /** The schedule's instant that this run is for, in milliseconds since the epoch. */
  dueMs: number
  /** When it will be killed, if it will, in milliseconds since the epoch. */
  deadlineMs?: number
  /** Hands work over that is too long for one run, where there is something that takes it; see `startExecution`. */
  handOver?: (name: string, input: object) => Promise<'running' | 'ended'>
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  /** Progress for logs: plain lines, without a line break. */
  note(line: string): void
}

/**
 * The scheduled form of an operation, in a file of its own beside it. What goes wrong with one of several databases or
 * stores is part of the Outcome; what keeps all of it from being done is thrown as a Failure.
 */
export type ScheduledWork = (run: ScheduledRun) => Promise<Outcome>
