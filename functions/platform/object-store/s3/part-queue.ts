import { setTimeout as pause } from 'node:timers/promises'
import { orAborted } from '../../abort.ts'
import { Failure } from '../../failure.ts'
import type { PutOptions } from '../store.ts'
import { objectUrl, type S3Connection } from './connection.ts'
import { abortMultipart, createMultipart, type Multipart, type StoredPart, uploadPart } from './multipart.ts'
import type { PartBuffer } from './part-buffer.ts'
import type { PartPlan } from './part-plan.ts'

const abortAttempts = 2
/** Who has decided to give up should not have to wait for a store that no longer answers. */
const releaseWithinMs = 10_000
/**
 * An upload is aborted for certain only when none of its parts is being stored: a part that the store has already received,
 * or is just receiving, may bring the upload back. So the part in flight may finish, within limits.
 */
const partMayFinishMs = 3_000
const beforeSecondAbortMs = 250

/** Sends the parts of one upload, one in flight at a time, in order. */
export class PartQueue {
  readonly #connection: S3Connection
  readonly #key: string
  readonly #options: PutOptions
  readonly #plan: PartPlan
  readonly #signal: AbortSignal
  readonly #cutOff = new AbortController()
  readonly #parts: StoredPart[] = []
  #begun: Promise<Multipart> | undefined
  #inFlight: Promise<void> = Promise.resolve()
  #number = 0

  /** @param signal ends every wait; the requests under way run on until `release`, which undoes what they did. */
  constructor(connection: S3Connection, key: string, options: PutOptions, plan: PartPlan, signal: AbortSignal) {
    this.#connection = connection
    this.#key = key
    this.#options = options
    this.#plan = plan
    this.#signal = signal
  }

  /** Whether the store knows of this upload. */
  get begun(): boolean {
    return this.#begun !== undefined
  }

  /** Starts sending a part; resolves when the one before is stored, so that its buffer is free. */
  async send(part: PartBuffer): Promise<void> {
    this.#number += 1
    const number = this.#number
    const subject = objectUrl(this.#connection, this.#key)
    if (number > this.#plan.maximumParts) throw tooManyParts(this.#plan.maximumParts, subject)
    this.#begun ??= createMultipart(this.#connection, this.#key, this.#options)
    const upload = await orAborted(this.#begun, this.#signal, subject)
    await orAborted(this.#inFlight, this.#signal, subject)
    const { signal } = this.#cutOff
    this.#inFlight = uploadPart(this.#connection, upload, { number, ...part.take() }, signal).then((stored) => {
      this.#parts.push(stored)
    })
    // Its failure is thrown by whoever awaits it next; until then it must not count as unhandled.
    this.#inFlight.catch(() => undefined)
  }

  /** Waits for the last part, and hands over what Complete needs. */
  async drain(): Promise<{ upload: Multipart; parts: readonly StoredPart[] }> {
    if (this.#begun === undefined) throw new Error('No part was sent')
    const upload = await this.#begun
    await orAborted(this.#inFlight, this.#signal, objectUrl(this.#connection, this.#key))
    return { upload, parts: this.#parts }
  }

  /** Releases what the store holds, as well as it can be done; what is left shows up as a pending upload. */
  async release(): Promise<void> {
    if (this.#begun === undefined) return
    const { limits } = this.#connection
    const impatient = { ...this.#connection, limits: { ...limits, attempts: Math.min(abortAttempts, limits.attempts) } }
    const patience = AbortSignal.timeout(releaseWithinMs)
    try {
      const upload = await orAborted(this.#begun, patience, this.#key)
      const atRest = await this.#endPart()
      await abortMultipart(impatient, upload, patience)
      if (atRest) return
      await pause(beforeSecondAbortMs)
      await abortMultipart(impatient, upload, patience)
    } catch {
      // The failure that led here is the one to report.
    }
  }

  /** Lets the part in flight come to an end; false when the store may still be at work on it. */
  async #endPart(): Promise<boolean> {
    const ended = this.#inFlight.then(
      () => true,
      () => false,
    )
    const timer = new AbortController()
    const tooLate = pause(partMayFinishMs, false, { signal: timer.signal }).catch(() => false)
    const stored = await Promise.race([ended, tooLate])
    timer.abort()
    this.#cutOff.abort()
    await ended
    return stored
  }
}

function tooManyParts(maximumParts: number, subject: string): Failure {
  return new Failure(`The object needs more than ${maximumParts} parts`, {
    kind: 'permanent',
    subject,
    code: 'TooManyParts',
    hint: 'The object is larger than this store can take: plan smaller units.',
  })
}
