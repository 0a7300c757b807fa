import { z } from 'zod'
import type { ServerFacts } from './facts.ts'

const position = z.object({ lsn: z.string(), clockMs: z.number() })
const sinceMs = z.record(z.string(), z.number())

/** What one poll leaves for the next, as plain data that the caller stores: nothing a server could be asked for later. */
export const pollMemory = z.object({
  /** Where the primary was when, oldest first, by its own clock; void after a change of system or timeline. */
  wal: z.object({ systemId: z.string(), timeline: z.number(), positions: z.array(position) }).optional(),
  /** Slots without their standby: first seen so, by the monitor's clock. */
  inactiveSlots: sinceMs,
  /** Nodes whose replay is paused: first seen so, by the monitor's clock. */
  pausedNodes: sinceMs,
  /** Nodes that have caught up after a pause of a backup, each with when that pause ended. */
  caughtUp: sinceMs.default({}),
})

export type PollMemory = z.infer<typeof pollMemory>
export type WalPosition = z.infer<typeof position>

/** What is remembered before the first poll. */
export const noMemory: PollMemory = { inactiveSlots: {}, pausedNodes: {}, caughtUp: {} }

/** Positions closer together say nothing more: within a poll the primary is read again as often as needed. */
const leastApartMs = 5_000
const mostPositions = 240

/** The positions of earlier polls that can be compared with a primary's own: of the same system and timeline. */
export function earlierPositions({ wal }: PollMemory, primary: Pick<ServerFacts, 'systemId' | 'timeline'>): WalPosition[] {
  return wal?.systemId === primary.systemId && wal.timeline === primary.timeline ? wal.positions : []
}

/** Adds a position; old ones become fewer, so that both the last minutes and the last days are in it. */
export function withPosition(earlier: readonly WalPosition[], { lsn, clockMs }: WalPosition): WalPosition[] {
  // A clock that was put back would make the future look old.
  const past = earlier.filter((one) => one.clockMs <= clockMs)
  const last = past.at(-1)
  const isNews = last === undefined || (last.lsn !== lsn && clockMs - last.clockMs >= leastApartMs)
  const all = isNews ? [...past, { lsn, clockMs }] : past
  if (all.length <= mostPositions) return all
  const half = mostPositions / 2
  return [...all.slice(0, half).filter((_, index) => index % 2 === 0), ...all.slice(half)]
}

/** Since when each of these is so: as remembered, or since now. */
export function since(
  earlier: Readonly<Record<string, number>>,
  names: readonly string[],
  nowMs: number,
): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, Math.min(earlier[name] ?? nowMs, nowMs)]))
}
