import { type Finding, fail, ok, warn } from '../platform/check.ts'
import { formatBytes, formatDuration } from '../platform/quantities.ts'
import type { Limits } from './expected.ts'
import type { SenderFacts, WalReading } from './facts.ts'
import { bytesBetween } from './lsn.ts'
import type { WalPosition } from './memory.ts'
import { isStreaming } from './senders.ts'

/** How far a standby is behind. */
export interface Lag {
  bytes: number
  /** For how long, by what was seen: true bounds; undefined where nothing was seen that bounds it. */
  atLeastSeconds: number | undefined
  atMostSeconds: number | undefined
}

/**
 * How far a position is behind a primary. Seconds come from where the primary was seen before: what it had written at a
 * moment and is not replayed now is at least so old; what is replayed bounds it from above. An idle time counts for nothing.
 *
 * @param positions of the same primary, oldest first, the first reading of this poll included.
 */
export function lagOf(replayLsn: string, latest: WalReading, positions: readonly WalPosition[]): Lag {
  const bytes = bytesBetween(replayLsn, latest.lsn)
  const secondsSince = (position: WalPosition | undefined): number | undefined => {
    return position && Math.max(0, (latest.clockMs - position.clockMs) / 1000)
  }
  const missing = positions.find(({ lsn }) => bytesBetween(replayLsn, lsn) > 0)
  const replayed = positions.findLast(({ lsn }) => bytesBetween(replayLsn, lsn) === 0)
  if (bytes === 0) return { bytes, atLeastSeconds: 0, atMostSeconds: 0 }
  return { bytes, atLeastSeconds: secondsSince(missing), atMostSeconds: secondsSince(replayed) }
}

/** What keeps the lag of a standby from being judged by its limits. */
export type LagExcuse = 'paused for a backup' | 'catching up after a backup' | 'on another timeline or of another cluster'

/** How far a standby is behind with what it has replayed, and with what has reached it. */
export interface Lags {
  replayed: Lag | undefined
  received: Lag | undefined
}

/** Whether it is behind by more than it may be. */
export function isLate({ bytes, atLeastSeconds = 0 }: Lag, { maxLagBytes, maxLagTimeSeconds }: Limits): boolean {
  return bytes > maxLagBytes || atLeastSeconds > maxLagTimeSeconds
}

/** Bytes are judged first; seconds count only while bytes are missing. Where replay is excused, what it receives is judged alone. */
export function lagFinding(
  sender: SenderFacts | undefined,
  { replayed: lag, received }: Lags,
  excuse: LagExcuse | undefined,
  limits: Limits,
): Finding {
  if (sender === undefined || !isStreaming(sender)) {
    return warn('lag', 'not known while it does not stream', 'See to the check `standby` first.')
  }
  if (excuse === 'on another timeline or of another cluster') {
    return warn('lag', `means nothing: it is ${excuse}`, 'See to the check `history` first.')
  }
  if (lag === undefined) {
    const fix =
      'Grant the monitor pg_monitor; a standby that is being copied, or a tool under its name, has no position either.'
    return fail('lag', 'the primary does not know what it has replayed: the position is NULL', fix)
  }
  const text = lagText(lag)
  if (excuse !== undefined) {
    const well = ok('lag', `${text}, ${excuse}`)
    return received === undefined ? well : (late(received, `received ${lagText(received)}`, limits) ?? well)
  }
  return late(lag, text, limits) ?? ok('lag', text)
}

function late(lag: Lag, text: string, limits: Limits): Finding | undefined {
  if (!isLate(lag, limits)) return undefined
  const { maxLagBytes, maxLagTimeSeconds } = limits
  const most = lag.bytes > maxLagBytes ? formatBytes(maxLagBytes) : formatDuration(maxLagTimeSeconds)
  const fix =
    'Look at the load and disk of the standby, at queries there that hold up replay, and at the network between the two.'
  return fail('lag', `${text}; at most ${most}`, fix)
}

function lagText({ bytes, atLeastSeconds = 0, atMostSeconds }: Lag): string {
  const behind = `${formatBytes(bytes)} behind`
  if (bytes === 0) return behind
  if (atLeastSeconds > 0) return `${behind} for at least ${formatDuration(atLeastSeconds)}`
  if (atMostSeconds === undefined) return `${behind}, for how long is not known yet`
  return `${behind} for at most ${formatDuration(atMostSeconds)}`
}
