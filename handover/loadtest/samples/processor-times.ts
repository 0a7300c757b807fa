/** Time that the processors have spent since the machine's start, in ticks of the kernel. */
export interface ProcessorTimes {
  total: number
  /** Of it, with nothing to do, or waiting for a disk. */
  idle: number
}

/** Reads the first line of /proc/stat; undefined where it is none. */
export function parseProcessorTimes(text: string): ProcessorTimes | undefined {
  const [, line] = /^cpu +([\d ]+)$/m.exec(text) ?? []
  // Guests' time is in the user's already.
  const times = line?.split(' ').slice(0, 8).map(Number)
  if (times === undefined || times.length < 5) return undefined
  return { total: times.reduce((sum, time) => sum + time, 0), idle: (times[3] ?? 0) + (times[4] ?? 0) }
}

/** Ticks that a process has used by /proc/PID/stat; its name, which may hold anything, stands in brackets. */
export function parseProcessTicks(text: string): number | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isNaN(ticks) ? undefined : ticks
}

/** Percent of all processors that were busy between two readings, and that some ticks of theirs are. */
export function processorShares(before: ProcessorTimes, after: ProcessorTimes, ticks: number) {
  const total = after.total - before.total
  if (total <= 0) return {}
  const percent = (part: number): number => Math.min(100, Math.max(0, (100 * part) / total))
  return { cpuPercent: percent(total - (after.idle - before.idle)), generatorCpuPercent: percent(ticks) }
}
