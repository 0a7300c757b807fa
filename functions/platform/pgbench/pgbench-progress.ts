/** What pgbench did in one second. */
export interface PgbenchProgress {
  /** Since its start. */
  atSeconds: number
  transactionsPerSecond: number
  /** Average; absent without a transaction. */
  latencyMs?: number
}

const longestLine = 4_096
const line = /^progress: ([\d.]+) s, ([\d.]+) tps, lat (\S+) ms stddev /

/** Reads a line of `--progress`; undefined for any other. */
export function parseProgress(text: string): PgbenchProgress | undefined {
  const [, at, rate, latency] = line.exec(text) ?? []
  if (at === undefined) return undefined
  const transactionsPerSecond = Number(rate)
  const known = transactionsPerSecond > 0 && Number.isFinite(Number(latency))
  return { atSeconds: Number(at), transactionsPerSecond, ...(known ? { latencyMs: Number(latency) } : {}) }
}

/** Takes pgbench's stderr as it comes, and tells of each line of progress. */
export function progressReader(onProgress: (progress: PgbenchProgress) => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder()
  let rest = ''
  return (bytes) => {
    const lines = `${rest}${decoder.decode(bytes, { stream: true })}`.split('\n')
    rest = (lines.pop() ?? '').slice(0, longestLine)
    for (const text of lines) {
      const progress = parseProgress(text)
      if (progress !== undefined) onProgress(progress)
    }
  }
}
