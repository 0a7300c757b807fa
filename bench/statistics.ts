import type { DatasetName, Measurement, Operation } from './results.ts'

/** The rounds of one tool, summed up. */
export interface Summary extends Omit<Measurement, 'round'> {
  rounds: number
  /** The middle of the rounds' times. `seconds` and the CPU times belong to the fastest round. */
  medianSeconds: number
}

/** The middle value; of an even number of values the mean of the middle two. */
export function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b)
  const middle = ordered.length / 2
  const at = (index: number): number => ordered[index] ?? Number.NaN
  return ordered.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2
}

/** One line per tool, in the order they first ran: the fastest round, and the most memory of any. */
export function summarise(measurements: readonly Measurement[], dataset: DatasetName, operation: Operation): Summary[] {
  const chosen = measurements.filter((one) => one.dataset === dataset && one.operation === operation)
  const tools = [...new Set(chosen.map(({ tool }) => tool))]
  return tools.flatMap((tool) => {
    const rounds = chosen.filter((one) => one.tool === tool)
    const [fastest] = rounds.toSorted((a, b) => a.seconds - b.seconds)
    if (fastest === undefined) return []
    const { round: _, ...numbers } = fastest
    return [
      {
        ...numbers,
        rounds: rounds.length,
        medianSeconds: median(rounds.map(({ seconds }) => seconds)),
        peakRssBytes: Math.max(...rounds.map(({ peakRssBytes }) => peakRssBytes)),
      },
    ]
  })
}
