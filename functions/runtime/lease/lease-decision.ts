import { isFromFuture } from '../../archive/set-time.ts'
import type { LeaseRecord } from './lease-record.ts'

/** A lease as it was read. */
export interface SeenLease {
  lease: LeaseRecord
  version: string
}

/** Since when the same state of the same holder has been seen, by this process's own steady clock. */
export interface Watched {
  holder: string
  version: string
  sinceMs: number
}

/** `alive` is proven: the holder has renewed while it was watched. */
export type LeaseStep = { do: 'create' } | { do: 'replace'; version: string } | { do: 'watch' } | { do: 'alive' }

/**
 * What to do about a lease. Whether its holder is dead is not read from clocks that may differ, but seen: it is dead when
 * it has not renewed for a whole life of the lease while somebody watched. Only when the time in the lease is over by so much
 * that no two clocks differ by it (an hour) is watching left out.
 *
 * @param nowMs by the wall clock, for the time in the lease; @param steadyMs by a clock that is never set, for watching.
 */
export function decideLease(
  seen: SeenLease | undefined,
  watched: Watched | undefined,
  { nowMs, steadyMs }: { nowMs: number; steadyMs: number },
): LeaseStep {
  if (seen === undefined) return { do: 'create' }
  const { lease, version } = seen
  if (lease.state === 'released' || isFromFuture(nowMs, lease.expiresMs)) return { do: 'replace', version }
  if (watched === undefined || watched.holder !== lease.holder) return { do: 'watch' }
  if (watched.version !== version) return { do: 'alive' }
  return steadyMs - watched.sinceMs >= lease.lifeMs ? { do: 'replace', version } : { do: 'watch' }
}

/** What is being watched after a look at the lease. */
export function watchOn(seen: SeenLease, watched: Watched | undefined, steadyMs: number): Watched {
  const { lease, version } = seen
  if (watched?.holder === lease.holder && watched.version === version) return watched
  return { holder: lease.holder, version, sinceMs: steadyMs }
}
