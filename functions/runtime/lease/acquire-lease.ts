import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { abortFailure, throwIfAborted } from '../../platform/abort.ts'
import { conditionFailed } from '../../platform/object-store/condition-failed.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { decideLease, type SeenLease, type Watched, watchOn } from './lease-decision.ts'
import { type LeaseRecord, parseLease, serializeLease } from './lease-record.ts'

/** Who wants which lease. */
export interface LeaseRequest {
  store: ObjectStore
  key: string
  /** What the run is for: another run for the same is a duplicate. */
  slot?: string | undefined
  dueMs: number
  /** Host and process, for people. */
  by: string
  lifeMs: number
  /** How long to wait before looking whose the lease is, where two may win it at one instant; 0 where that cannot be. */
  settleMs: number
  /** What to do while another run is alive and for something else: a run for the same is always left alone. */
  whenBusy: 'leave' | 'wait'
  signal: AbortSignal
  note(line: string): void
}

/** The lease is held, or another living run holds it. */
export type Acquired = { held: SeenLease; sinceMs: number } | { busy: LeaseRecord }

const looksPerLife = 12
const longestPauseMs = 5_000

/**
 * Takes a lease that is free, released, or held by a run that is dead; watches the holder until one or the other is certain.
 *
 * @throws Failure of the store, or the signal's.
 */
export async function acquireLease(request: LeaseRequest): Promise<Acquired> {
  const { store, key, signal, note } = request
  let watched: Watched | undefined
  let told = false
  for (;;) {
    throwIfAborted(signal, key)
    const seen = await readLease(store, key, signal)
    const step = decideLease(seen, watched, { nowMs: Date.now(), steadyMs: performance.now() })
    if (step.do === 'create' || step.do === 'replace') {
      const sinceMs = performance.now()
      const held = await tryTake(request, step.do === 'replace' ? step.version : undefined)
      if (held !== undefined) return { held, sinceMs }
    } else if (seen !== undefined) {
      if (step.do === 'alive' && (request.whenBusy === 'leave' || isDuplicate(request, seen.lease))) return { busy: seen.lease }
      if (!told) note(`another run holds the lease (${seen.lease.by}): watching whether it is alive`)
      told = true
    }
    if (seen !== undefined) watched = watchOn(seen, watched, performance.now())
    const pauseMs = Math.min(longestPauseMs, request.lifeMs / looksPerLife)
    await sleep(pauseMs, undefined, { signal }).catch(() => {
      throw abortFailure(signal, key)
    })
  }
}

/** The lease as it is now; undefined when it was never taken. */
export async function readLease(store: ObjectStore, key: string, signal?: AbortSignal): Promise<SeenLease | undefined> {
  const found = await store.readSmall(key, signal)
  return found && { lease: parseLease(found.bytes, key), version: found.version }
}

/** Stores the lease as this run's, and looks whether it is; undefined when another run was first. */
async function tryTake(request: LeaseRequest, version: string | undefined): Promise<SeenLease | undefined> {
  const { store, key, slot, dueMs, by, lifeMs, settleMs, signal } = request
  const acquiredMs = Date.now()
  const lease: LeaseRecord = {
    ...{ format: 1, state: 'held', holder: randomUUID() },
    ...(slot === undefined ? {} : { slot }),
    ...{ dueMs, by, acquiredMs, expiresMs: acquiredMs + lifeMs, lifeMs, renewals: 0 },
  }
  const condition = version === undefined ? { ifAbsent: true } : { ifVersion: version }
  try {
    await store.put(key, serializeLease(lease), { ...condition, contentType: 'application/json', signal })
  } catch (error) {
    if (!conditionFailed(error)) throw error
    return undefined
  }
  if (settleMs > 0) await sleep(settleMs)
  const seen = await readLease(store, key, signal)
  return seen?.lease.holder === lease.holder ? seen : undefined
}

function isDuplicate({ slot, dueMs }: LeaseRequest, lease: LeaseRecord): boolean {
  return lease.slot === slot && lease.dueMs === dueMs
}
