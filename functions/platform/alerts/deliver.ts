import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { abortFailure } from '../abort.ts'
import { type Failure, toFailure } from '../failure.ts'
import type { Attempt } from './channels/attempt.ts'
import type { AlertMessage } from './compose.ts'
import { send } from './send.ts'
import type { AlertChannel } from './settings.ts'

/** How long a channel is tried. */
export interface DeliveryLimits {
  /** Attempts at one message through one channel. */
  attempts: number
  /** Limit for one attempt, in milliseconds. */
  attemptMs: number
  /** Limit for one message through one channel, waits included, in milliseconds. */
  deliveryMs: number
  /** Wait before the second attempt; doubles for each further one, with jitter. Milliseconds. */
  backoffMs: number
}

export const defaultDeliveryLimits: DeliveryLimits = { attempts: 4, attemptMs: 10_000, deliveryMs: 30_000, backoffMs: 500 }

/** What became of one message on one channel. */
export interface DeliveryReport {
  channel: string
  delivered: boolean
  attempts: number
  /** Worth knowing although it was delivered. */
  note?: string
  failure?: Pick<Failure, 'kind' | 'message' | 'hint' | 'code'>
}

/**
 * Delivers a message through one channel: again after failures that pass, not before the receiver's own Retry-After, and
 * never beyond the limits. Does not throw.
 */
export async function deliver(
  channel: AlertChannel,
  message: AlertMessage,
  limits: DeliveryLimits,
  signal?: AbortSignal,
): Promise<DeliveryReport> {
  const id = randomUUID()
  const endMs = performance.now() + limits.deliveryMs
  const { name } = channel
  for (let attempt = 1; ; attempt += 1) {
    const leftMs = endMs - performance.now()
    const delivery = {
      channel: name,
      message,
      id,
      withinMs: Math.max(1, Math.min(limits.attemptMs, Math.floor(leftMs))),
      signal,
    }
    const result = await send(channel, delivery).catch((thrown): Attempt => unexpected(thrown, name))
    if (result.delivered)
      return { channel: name, delivered: true, attempts: attempt, ...(result.note && { note: result.note }) }
    const waitMs = nextWaitMs(result, attempt, limits, Math.random())
    if (signal?.aborted || waitMs === undefined || performance.now() + waitMs >= endMs)
      return failed(name, attempt, result.failure)
    await pause(waitMs, undefined, signal && { signal }).catch(() => undefined)
    if (signal?.aborted) return failed(name, attempt, abortFailure(signal, `channel ${name}`))
  }
}

/** How long to wait before another attempt, in milliseconds; undefined when none is worth it. @param random from 0 to 1. */
export function nextWaitMs(
  { failure, retryAfterSeconds = 0 }: Extract<Attempt, { delivered: false }>,
  attempt: number,
  { attempts, backoffMs }: DeliveryLimits,
  random: number,
): number | undefined {
  if (failure.kind !== 'transient' || attempt >= attempts) return undefined
  const full = backoffMs * 2 ** (attempt - 1)
  return Math.max(retryAfterSeconds * 1000, full / 2 + (full / 2) * random)
}

/** The error's own text is not repeated: it is of a library that held the channel's secrets. */
function unexpected(thrown: unknown, name: string): Attempt {
  const kind = thrown instanceof Error ? thrown.name : typeof thrown
  return { delivered: false, failure: toFailure(new Error(`The channel "${name}" broke off with ${kind}`), `channel ${name}`) }
}

function failed(channel: string, attempts: number, { kind, message, hint, code }: Failure): DeliveryReport {
  return { channel, delivered: false, attempts, failure: { kind, message, hint, code } }
}
