/** Connections of a fanned-out run that copy no rows: two holders of its snapshot while one hands over, and two that describe. */
const otherConnections = 4

/** The least that `backup.fanOut.connections` can be for a run to fan out at all. */
export const leastFanOutConnections = otherConnections + 1

/** How many connections of the budget copy rows; none where the budget is too small to fan out. */
export function fanOutWorkers({ fanOut }: { fanOut: { connections: number } }): number {
  return Math.max(0, fanOut.connections - otherConnections)
}

/**
 * How many workers restore into one server at the same time, of the same budget: each has a session of its own, and another one
 * while a stock tool works for it.
 */
export function fanRestoreWorkers({ fanOut }: { fanOut: { connections: number } }): number {
  return Math.floor(fanOut.connections / 2)
}
