import { databaseArgument } from '../postgres/tool-environment.ts'

/** How statements are sent: as text, parsed each time, or prepared once and kept by the server. */
export type PgbenchProtocol = 'simple' | 'extended' | 'prepared'

/** What one run of pgbench does. */
export interface PgbenchPlan {
  /** Files, each with what one transaction does, and how often it is chosen beside the others. */
  scripts: readonly { path: string; weight: number }[]
  protocol: PgbenchProtocol
  clients: number
  /** Of pgbench itself; never more than clients. */
  threads: number
  /** Whole seconds. */
  seconds: number
  /** Transactions a second that are begun, however slow they are; as many as possible where it is left out. */
  ratePerSecond?: number
  /** Slower ones count as late; with a rate, those that would be are skipped. */
  latencyMs: number
}

/** The arguments of pgbench, with a line of progress each second. It touches no table but those of the scripts. */
export function pgbenchArgs(plan: PgbenchPlan, database: string): string[] {
  const { scripts, protocol, clients, threads, seconds, ratePerSecond, latencyMs } = plan
  return [
    '--no-vacuum',
    `--protocol=${protocol}`,
    `--client=${clients}`,
    `--jobs=${threads}`,
    `--time=${seconds}`,
    '--progress=1',
    `--latency-limit=${latencyMs}`,
    ...(ratePerSecond === undefined ? [] : [`--rate=${ratePerSecond}`]),
    ...scripts.map(({ path, weight }) => `--file=${path}@${weight}`),
    databaseArgument(database),
  ]
}
