import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../platform/failure.ts'
import { conditionFailed } from '../../platform/object-store/condition-failed.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { readLease } from './acquire-lease.ts'
import type { SeenLease } from './lease-decision.ts'
import { type LeaseRecord, serializeLease } from './lease-record.ts'

/** A lease that is renewed until it is released. */
export interface HeldLease {
  /** Fires when the lease could not be kept; its reason is a Failure with code `LeaseLost`. */
  readonly signal: AbortSignal
  /** Gives it back; does not throw: one that cannot be given back runs out by itself. */
  release(): Promise<void>
}

const renewalsPerLife = 3
/** Others wait for a whole life; the holder stops before, so that they never work at the same time. */
const ownShareOfLife = 5 / 6

/** @param sinceMs when the request that took the lease was sent, by the steady clock. */
export function holdLease(store: ObjectStore, key: string, taken: SeenLease, sinceMs: number): HeldLease {
  return new RenewedLease(store, key, taken, sinceMs)
}

class RenewedLease implements HeldLease {
  readonly #store: ObjectStore
  readonly #key: string
  readonly #lost = new AbortController()
  readonly #ended = new AbortController()
  readonly #renewing: Promise<void>
  #lease: LeaseRecord
  #version: string
  #giveUp: NodeJS.Timeout | undefined

  constructor(store: ObjectStore, key: string, { lease, version }: SeenLease, sinceMs: number) {
    this.#store = store
    this.#key = key
    this.#lease = lease
    this.#version = version
    this.#giveUpAfter(sinceMs)
    this.#renewing = this.#keepRenewing()
  }

  get signal(): AbortSignal {
    return this.#lost.signal
  }

  async release(): Promise<void> {
    this.#ended.abort()
    clearTimeout(this.#giveUp)
    await this.#renewing
    const signal = AbortSignal.timeout(this.#lease.lifeMs)
    try {
      const seen = await readLease(this.#store, this.#key, signal)
      if (seen?.lease.holder !== this.#lease.holder) return
      const released = serializeLease({ ...seen.lease, state: 'released' })
      await this.#store.put(this.#key, released, { ifVersion: seen.version, contentType: 'application/json', signal })
    } catch {
      // It runs out by itself; whoever comes then watches it for one life first.
    }
  }

  async #keepRenewing(): Promise<void> {
    const everyMs = this.#lease.lifeMs / renewalsPerLife
    let waitMs = everyMs
    for (;;) {
      await sleep(waitMs, undefined, { signal: this.#ended.signal }).catch(() => undefined)
      if (this.#ended.signal.aborted || this.#lost.signal.aborted) return
      const sentMs = performance.now()
      try {
        // One that hangs leaves time for another one.
        const tooSlow = AbortSignal.timeout(everyMs)
        await this.#renew(AbortSignal.any([this.#ended.signal, this.#lost.signal, tooSlow]))
        this.#giveUpAfter(sentMs)
        waitMs = everyMs
      } catch (error) {
        if (conditionFailed(error)) await this.#seeWhoseItIs()
        // Whatever else it was: again soon, until the time is up.
        waitMs = everyMs / 4
      }
    }
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const { lifeMs, renewals } = this.#lease
    const next: LeaseRecord = { ...this.#lease, expiresMs: Date.now() + lifeMs, renewals: renewals + 1 }
    const bytes = serializeLease(next)
    await this.#store.put(this.#key, bytes, { ifVersion: this.#version, contentType: 'application/json', signal })
    this.#lease = next
    await this.#seeWhoseItIs(signal)
  }

  /** An answer that was lost leaves a version that is not known yet; another holder's is the end. */
  async #seeWhoseItIs(signal?: AbortSignal): Promise<void> {
    const seen = await readLease(this.#store, this.#key, signal).catch((error: unknown) => {
      if (signal !== undefined) throw error
      return undefined
    })
    if (seen === undefined) return
    if (seen.lease.holder === this.#lease.holder) this.#version = seen.version
    else this.#lose(`it was taken over (${seen.lease.by})`)
  }

  #giveUpAfter(sinceMs: number): void {
    clearTimeout(this.#giveUp)
    const leftMs = sinceMs + this.#lease.lifeMs * ownShareOfLife - performance.now()
    this.#giveUp = setTimeout(() => this.#lose('it could not be renewed in time'), Math.max(0, leftMs))
  }

  #lose(why: string): void {
    this.#lost.abort(
      new Failure(`the lease of this work was lost: ${why}`, {
        kind: 'transient',
        subject: this.#key,
        code: 'LeaseLost',
        hint: 'Look at the network to the store, and whether this machine was stopped or overloaded; the next run takes the work up.',
      }),
    )
  }
}
