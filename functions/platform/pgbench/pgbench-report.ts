/** What pgbench says at its end, of all clients and scripts together. */
export interface PgbenchReport {
  clients: number
  /** Ended well, the late ones included. */
  transactions: number
  /** Ended in an error that does not end the client: a conflict or a deadlock. Aborted clients are not in it. */
  failed: number
  /** Slower than the limit. */
  late: number
  /** Not begun, because they would have been late; with a rate only. */
  skipped: number
  transactionsPerSecond: number
  latencyMs: { average: number; stddev: number }
}

/**
 * Reads the report of pgbench 15 to 18, run with a latency limit. Undefined where there is none, or where it names no
 * latency because no transaction ended. That there is one says nothing about success: it is printed after aborts as well.
 */
export function parseReport(stdout: string): PgbenchReport | undefined {
  const number = (pattern: RegExp): number | undefined => {
    const text = pattern.exec(stdout)?.[1]
    return text === undefined ? undefined : Number(text)
  }
  const clients = number(/^number of clients: (\d+)$/m)
  const transactions = number(/^number of transactions actually processed: (\d+)/m)
  const failed = number(/^number of failed transactions: (\d+) /m)
  const late = number(/^number of transactions above the [\d.]+ ms latency limit: (\d+)\//m)
  const average = number(/^latency average = ([\d.]+) ms/m)
  const stddev = number(/^latency stddev = ([\d.]+) ms/m)
  const transactionsPerSecond = number(/^tps = ([\d.]+) /m)
  if (clients === undefined || transactions === undefined || failed === undefined || late === undefined) return undefined
  if (average === undefined || stddev === undefined || transactionsPerSecond === undefined) return undefined
  const skipped = number(/^number of transactions skipped: (\d+) /m) ?? 0
  return { clients, transactions, failed, late, skipped, transactionsPerSecond, latencyMs: { average, stddev } }
}
